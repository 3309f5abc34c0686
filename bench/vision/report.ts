import { median } from '../queue/measures.js';
import type { Round } from './cpu.js';
import type { PeakMemory } from './memory.js';

/** Medians over the rounds; null where there is no python3-opencv. */
export interface Summary {
  rounds: number;
  /** s of CPU */
  cpuSeconds: Round;
  /** Of our CPU to theirs, side by side. */
  toBareDecode: number;
  toMog2: number | null;
  toMedian: number | null;
  memory: readonly PeakMemory[];
}

export function summaryOf(rounds: readonly Round[], memory: readonly PeakMemory[]): Summary {
  const middle = (of: (round: Round) => number | null): number | null => {
    const numbers = rounds.map(of).filter((number) => number !== null);
    return numbers.length === 0 ? null : median(numbers);
  };
  const ratio = (other: 'mog2' | 'median') =>
    middle((round) => (round[other] === null ? null : round.background / round[other]));
  return {
    rounds: rounds.length,
    cpuSeconds: {
      bare: median(rounds.map(({ bare }) => bare)),
      background: median(rounds.map(({ background }) => background)),
      mog2: middle(({ mog2 }) => mog2),
      median: middle((round) => round.median),
    },
    toBareDecode: median(rounds.map(({ background, bare }) => background / bare)),
    toMog2: ratio('mog2'),
    toMedian: ratio('median'),
    memory,
  };
}

export function print({ rounds, cpuSeconds, toBareDecode, toMog2, toMedian, memory }: Summary): void {
  const seconds = (value: number | null) => (value === null ? '' : `${value.toFixed(2)} s`);
  console.log(`CPU of the whole background, decoding included: medians of ${rounds} rounds.`);
  console.table([
    { what: 'ours', CPU: seconds(cpuSeconds.background), 'ours is, of this': '' },
    {
      what: 'bare decode at the same rate',
      CPU: seconds(cpuSeconds.bare),
      'ours is, of this': toBareDecode.toFixed(2),
    },
    { what: 'OpenCV MOG2', CPU: seconds(cpuSeconds.mog2), 'ours is, of this': toMog2?.toFixed(2) ?? '' },
    { what: 'NumPy median', CPU: seconds(cpuSeconds.median), 'ours is, of this': toMedian?.toFixed(2) ?? '' },
  ]);
  if (toMog2 === null) console.log('For the lower rows install python3-opencv.');
  if (memory.length === 0) return;
  console.log('Largest resident memory of a worker process that finds one background:');
  console.table(
    memory.map(({ clip, peakMb, idleMb }) => ({ clip, MB: Math.round(peakMb), 'of that idle': Math.round(idleMb) })),
  );
}
