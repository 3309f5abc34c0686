import type { Role } from '../http/access/caller.js';
import { newToken } from '../http/access/tokens/new-token.js';

/** For whom, and what for. */
export interface TokenOptions {
  name: string;
  role: Role;
}

/**
 * Prints a new token, which is kept nowhere, and its line for TOKENS_FILE.
 * @throws InvalidJobError TOKEN_NAME when none may be called so
 */
export function makeToken({ name, role }: TokenOptions): void {
  const { token, line } = newToken(name, role);
  console.log(`The token, which is shown only now; send it as "Authorization: Bearer <token>":\n\n  ${token}\n`);
  console.log(
    `Its line in the list of TOKENS_FILE, { "tokens": [ … ] }; the service reads it within seconds:\n\n  ${line}`,
  );
}
