import { computed, signal } from '@preact/signals';
import { get, onSignedOut, send, type ApiError } from './api.js';
import { asApiError } from './resource.js';

/** Who is signed in, by `GET /api/v1/session`. */
export interface Session {
  readonly name: string;
  readonly role: 'client' | 'viewer' | 'inspector' | 'operator';
  readonly via: 'token' | 'cookie' | 'sign-on' | 'machine' | 'nothing';
  readonly expiresAt: string | null;
  /** Whether one can sign in with a token. */
  readonly canSignIn: boolean;
}

/** Undefined until the service has said it; null when it wants a sign-in. */
export const session = signal<Session | null | undefined>(undefined);

/** Why the service could not say who one is. */
export const sessionError = signal<ApiError | undefined>(undefined);

const LADDER = ['viewer', 'inspector', 'operator'];

/** Whether who is signed in may do what takes this role. */
export function may(role: 'inspector' | 'operator'): boolean {
  return LADDER.indexOf(session.value?.role ?? '') >= LADDER.indexOf(role);
}

/** The same, for what is drawn again when it changes. */
export const isOperator = computed(() => may('operator'));

/** Asks who one is here. */
export async function readSession(): Promise<void> {
  try {
    session.value = await get<Session>('session');
    sessionError.value = undefined;
  } catch (problem) {
    const error = asApiError(problem);
    if (error.status === 401) session.value = null;
    else sessionError.value = error;
  }
}

/** Takes a token for a cookie that no script can read. @throws ApiError */
export async function signIn(token: string): Promise<void> {
  await send<Session>('POST', 'session', { token });
  await readSession();
}

/** Has the browser forget the cookie. @throws ApiError */
export async function signOut(): Promise<void> {
  await send('DELETE', 'session');
  session.value = undefined;
  await readSession();
}

onSignedOut(() => (session.value = null));
