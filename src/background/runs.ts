/** Samples within this many grey values of each other count as one value. */
export const ONE_VALUE = 10;

/** However long it lasts, one unbroken run says little: what stands still looks like road. */
const MOST_PER_RUN = 3;

/** A value that holds for this share of the clip in one go, and hardly otherwise, may be a vehicle that stood. */
const LONG_RUN = 0.3;
const MOST_OF_SUPPORT = 0.7;

/** The unbroken runs of one value in the samples of one pixel, in the order of time. Made once, used for every pixel. */
export class Runs {
  private readonly means: Float32Array;
  private readonly lengths: Uint16Array;
  private count = 0;

  /** @param frames in the clip, and so most samples of a pixel */
  constructor(private readonly frames: number) {
    this.means = new Float32Array(frames);
    this.lengths = new Uint16Array(frames);
  }

  /** Reads a pixel's samples; `times` are their frame numbers, so that a gap ends a run. */
  read(samples: Uint8Array, from: number, times: Uint16Array, count: number): void {
    const { means, lengths } = this;
    let run = -1;
    for (let i = 0; i < count; i++) {
      const value = samples[from + i]!;
      const goesOn = i > 0 && times[i] === times[i - 1]! + 1 && Math.abs(value - means[run]!) <= ONE_VALUE;
      if (!goesOn) {
        means[++run] = value;
        lengths[run] = 1;
      } else {
        lengths[run]!++;
        means[run]! += (value - means[run]!) / lengths[run]!;
      }
    }
    this.count = run + 1;
  }

  /** The densest value when each run has at most {@link MOST_PER_RUN} votes. */
  densest(): number {
    let best = 0;
    let mostVotes = -1;
    for (let i = 0; i < this.count; i++) {
      let votes = 0;
      let sum = 0;
      for (let j = 0; j < this.count; j++) {
        if (Math.abs(this.means[j]! - this.means[i]!) > ONE_VALUE) continue;
        const vote = Math.min(MOST_PER_RUN, this.lengths[j]!);
        votes += vote;
        sum += vote * this.means[j]!;
      }
      if (votes <= mostVotes) continue;
      mostVotes = votes;
      best = sum / votes;
    }
    return Math.round(best);
  }

  /** Whether a value is known from one long run and hardly from anything else. */
  restOnOne(value: number): boolean {
    let longest = 0;
    let support = 0;
    for (let i = 0; i < this.count; i++) {
      if (Math.abs(this.means[i]! - value) > ONE_VALUE) continue;
      support += this.lengths[i]!;
      longest = Math.max(longest, this.lengths[i]!);
    }
    return longest >= LONG_RUN * this.frames && longest >= MOST_OF_SUPPORT * support;
  }
}
