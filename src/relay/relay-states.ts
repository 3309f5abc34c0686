/** Which way a relay carries: jobs in, or results out. */
export type Direction = 'in' | 'out';

/** How one way of a relay fares. */
export interface RelayState {
  /** Its system: `sqs`. */
  readonly relay: string;
  readonly direction: Direction;
  /** Why it does not do its work; undefined while it does. A sentence for the operator. */
  trouble: string | undefined;
  /** Since when there is trouble, ms since the epoch. */
  since: number | undefined;
}

/** How the relays of this process fare, for the health line. */
export class RelayStates {
  private readonly states: RelayState[] = [];

  get list(): readonly Readonly<RelayState>[] {
    return this.states;
  }

  /** Notes a way that is on. */
  add(relay: string, direction: Direction): RelayState {
    const state = { relay, direction, trouble: undefined, since: undefined };
    this.states.push(state);
    return state;
  }
}
