/** What the suite prints at its end. */
export interface Figures {
  seed: number;
  accepted: number;
  completed: number;
  deadLetters: number;
  kills: number;
  lost: number;
  doubled: number;
  overlap: number;
  repeated: number;
  /** Recoveries while Redis was there. */
  calmMs: number[];
  /** Recoveries that an outage held up. */
  heldUpMs: number[];
}

/** The figures as a table for a person. */
export function table({ calmMs, heldUpMs, ...counts }: Figures): string {
  const rows: [string, string][] = [
    ...Object.entries(counts).map(([name, value]): [string, string] => [name, String(value)]),
    ...spread('recovery', calmMs),
    ...spread('held up', heldUpMs),
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(14)}${value.padStart(12)}\n`).join('');
}

function spread(name: string, valuesMs: readonly number[]): [string, string][] {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  return [
    [`${name} n`, String(sorted.length)],
    [`${name} p50`, seconds(sorted[Math.floor(sorted.length / 2)])],
    [`${name} max`, seconds(sorted.at(-1))],
  ];
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms / 1_000).toFixed(2)} s`;
}
