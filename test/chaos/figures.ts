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
  recoveriesMs: number[];
}

/** The figures as a table for a person. */
export function table(figures: Figures): string {
  const { recoveriesMs, ...counts } = figures;
  const sorted = [...recoveriesMs].sort((a, b) => a - b);
  const rows: [string, string][] = [
    ...Object.entries(counts).map(([name, value]): [string, string] => [name, String(value)]),
    ['recoveries', String(sorted.length)],
    ['recovery p50', seconds(sorted[Math.floor(sorted.length / 2)])],
    ['recovery max', seconds(sorted.at(-1))],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(14)}${value.padStart(12)}\n`).join('');
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms / 1_000).toFixed(2)} s`;
}
