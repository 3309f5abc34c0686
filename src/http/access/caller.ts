import type { IncomingMessage } from 'node:http';

/** What a caller may do. `viewer` < `inspector` < `operator`; a `client` stands beside them: it has jobs of its own and nothing else. */
export const CALLER_ROLES = ['client', 'viewer', 'inspector', 'operator'] as const;
export type Role = (typeof CALLER_ROLES)[number];

/** Who calls: the name that the log of actions keeps, and what it may do. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** How the service knows. */
  readonly via: 'token' | 'cookie' | 'sign-on' | 'machine' | 'nothing';
}

/** Each includes what those before it may. A client is none of them. */
const LADDER: readonly Role[] = ['viewer', 'inspector', 'operator'];

/** Names of callers that have none of their own; nobody else may have them. */
export const NAMELESS = {
  anybody: 'anybody',
  machine: 'this machine',
  control: 'CONTROL_TOKEN',
  metrics: 'METRICS_TOKEN',
} as const;

/** Whether a name is one of those, in whatever letters. */
export function isReservedName(name: string): boolean {
  return Object.values(NAMELESS).some((own) => own.toLowerCase() === name.toLowerCase());
}

const callers = new WeakMap<IncomingMessage, Caller>();

/** Whether a role is one of these, or above one of these. An operator may do what a client may. */
export function reaches(role: Role, least: readonly Role[]): boolean {
  if (role === 'operator' || least.includes(role)) return true;
  return least.some((each) => LADDER.includes(each) && LADDER.indexOf(role) > LADDER.indexOf(each));
}

/**
 * Who makes this call; known once the guard has let it in. Undefined on a route that is open to everybody.
 * Without tokens it is this machine's operator on routes that only this machine may call, and anybody, a viewer, on others.
 */
export function callerOf(request: IncomingMessage): Caller | undefined {
  return callers.get(request);
}

/** Keeps who makes a call; only the guard does so, and no header of a client can. */
export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}
