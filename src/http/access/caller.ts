import type { IncomingMessage } from 'node:http';

/** What a caller may do. `viewer` < `inspector` < `operator`; a `client` stands beside them: it has jobs of its own and nothing else. */
export const CALLER_ROLES = ['client', 'viewer', 'inspector', 'operator'] as const;
export type Role = (typeof CALLER_ROLES)[number];

/** Who calls: the name that the log of actions keeps, and what it may do. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
}

/** What others have reached includes what those before them may. A client is none of them. */
const LADDER: readonly Role[] = ['viewer', 'inspector', 'operator'];

const callers = new WeakMap<IncomingMessage, Caller>();

/** Whether a role is one of these, or above one of these. */
export function reaches(role: Role, least: readonly Role[]): boolean {
  return least.some((each) => each === role || (LADDER.includes(each) && LADDER.indexOf(role) > LADDER.indexOf(each)));
}

/**
 * Who makes this call; known once the guard has let it in. Undefined on a route that is open to everybody.
 * A service without tokens knows who is on its machine as an operator, and everybody else as a viewer.
 */
export function callerOf(request: IncomingMessage): Caller | undefined {
  return callers.get(request);
}

/** Keeps who makes a call; only the guard does so, and no header of a client can. */
export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}
