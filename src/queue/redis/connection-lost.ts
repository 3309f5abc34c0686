/** What ioredis and Redis say of a command that nobody answers; ioredis exports no class for these. */
const LOST =
  /Connection is closed|Stream isn't writeable|max retries per request|\bE(?:CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH)\b|Socket timeout|^LOADING\b/i;

/** Whether a command failed because Redis went away, or is not there yet, and not for what it was. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && LOST.test(error.message);
}
