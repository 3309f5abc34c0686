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

  /**
   * Reads a pixel's samples, one of each frame in the order of time. `moving` is 1 for the frames whose sample does not
   * count; a run goes on through them as long as the value stays, for then it was a neighbour that moved.
   */
  read(samples: Uint8Array, moving: Uint8Array): void {
    const { means, lengths } = this;
    let run = -1;
    let sum = 0;
    let length = 0;
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]!;
      if (length === 0 || Math.abs(value * length - sum) > ONE_VALUE * length) {
        sum = 0;
        length = 0;
        if (run < 0 || lengths[run]! > 0) run++;
        lengths[run] = 0;
      }
      sum += value;
      means[run] = sum / ++length;
      lengths[run]! += 1 - moving[i]!;
    }
    this.count = run + 1;
  }

  /**
   * The densest value when each run has at most {@link MOST_PER_RUN} votes. Among equals the one that was seen longer:
   * what only passed at the clip's start has one run like the road that was seen all the rest of the time.
   */
  densest(): number {
    let best = 0;
    let mostVotes = -1;
    let longest = -1;
    for (let i = 0; i < this.count; i++) {
      let [votes, sum, support] = [0, 0, 0];
      for (let j = 0; j < this.count; j++) {
        if (Math.abs(this.means[j]! - this.means[i]!) > ONE_VALUE) continue;
        const vote = Math.min(MOST_PER_RUN, this.lengths[j]!);
        votes += vote;
        sum += vote * this.means[j]!;
        support += this.lengths[j]!;
      }
      if (votes < mostVotes || (votes === mostVotes && support <= longest)) continue;
      [mostVotes, longest] = [votes, support];
      best = sum / votes;
    }
    return Math.round(best);
  }

  /**
   * The value seen before and after a long stay of `value`, if it is one: what stood there came and went again.
   * Null when there is no such value.
   */
  around(value: number): number | null {
    let [first, last, support, seen, between] = [-1, -1, 0, 0, 0];
    for (let i = 0; i < this.count; i++) {
      if (first >= 0) seen += this.lengths[i]!;
      if (Math.abs(this.means[i]! - value) > ONE_VALUE) continue;
      if (first < 0) seen = this.lengths[i]!;
      first = first < 0 ? i : first;
      last = i;
      between = seen;
      support += this.lengths[i]!;
    }
    if (support < LONG_RUN * this.frames || support < MOST_OF_SUPPORT * between) return null;
    const before = this.longest(0, first);
    const after = this.longest(last + 1, this.count);
    if (before < 0 || after < 0 || Math.abs(this.means[before]! - this.means[after]!) > ONE_VALUE) return null;
    return Math.round((this.means[before]! + this.means[after]!) / 2);
  }

  /** The longest of some runs, or -1 when none has two samples. */
  private longest(from: number, until: number): number {
    let longest = -1;
    for (let i = from; i < until; i++) {
      if (this.lengths[i]! >= Math.max(2, longest < 0 ? 0 : this.lengths[longest]! + 1)) longest = i;
    }
    return longest;
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
