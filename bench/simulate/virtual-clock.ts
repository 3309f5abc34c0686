interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that goes on only when it is told to: what happens in between takes none of its time. s */
export class VirtualClock {
  now = 0;
  /** The first to wake first: all sleep equally long. */
  private sleepers: Sleeper[] = [];

  /** When the next sleeper wakes; Infinity when nobody sleeps. */
  get nextWake(): number {
    return this.sleepers[0]?.at ?? Infinity;
  }

  /** Resolves when so much of this clock's time has passed. @throws the reason of the signal */
  sleep(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.now + seconds, wake: resolve };
      this.sleepers.push(sleeper);
      const leave = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Wakes all whose time has come. Gives how many they were. */
  wakeDue(): number {
    let due = 0;
    while ((this.sleepers[due]?.at ?? Infinity) <= this.now) due += 1;
    for (const { wake } of this.sleepers.splice(0, due)) wake();
    return due;
  }
}
