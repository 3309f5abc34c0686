import type { AccessConfig, HttpConfig } from '../config/config.js';
import { isLoopbackName } from './host-names.js';

/** What is to be said at start of a service that others can reach and that has no token; undefined when all is well. */
export function doubtOfAccess(
  { host }: Pick<HttpConfig, 'host'>,
  { controlToken, tokensFile, signOn }: Pick<AccessConfig, 'controlToken' | 'tokensFile' | 'signOn'>,
): string | undefined {
  if ((controlToken ?? tokensFile ?? signOn) !== undefined || isLoopbackName(host)) return undefined;
  return (
    'CONTROL_TOKEN is not set and HOST lets other machines in: control calls are accepted from this machine only, but a proxy ' +
    'here that is not known as one would let its clients steer. Set CONTROL_TOKEN, or HOST=127.0.0.1.'
  );
}
