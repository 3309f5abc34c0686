import { createHash } from 'node:crypto';

/** What endpoints are told. */
export const HOOK_TYPES = ['job.completed', 'job.failed', 'job.cancelled'] as const;
export type HookType = (typeof HOOK_TYPES)[number];

/** The name of the endpoint that the variable WEBHOOK_URL describes. */
export const URL_ENDPOINT = 'WEBHOOK_URL';

/** Whom the operator has called when jobs have ended. */
export interface Endpoint {
  /** Its name in logs, states and calls. */
  readonly name: string;
  /** May carry secrets. */
  readonly url: string;
  /** Whether the URL gets `?job_id=`. */
  readonly addsJobId: boolean;
  /** Sign each call, the newest first; none: calls are not signed. */
  readonly secrets: readonly string[];
  /** Undefined: all. */
  readonly events: readonly HookType[] | undefined;
  /** By `cctvId`; undefined: all. */
  readonly cameras: readonly string[] | undefined;
}

/** Whether an endpoint wants to hear of an event. */
export function wants({ events, cameras }: Endpoint, type: HookType, cctvId: string): boolean {
  return (events?.includes(type) ?? true) && (cameras?.includes(cctvId) ?? true);
}

/** Under which an endpoint's state is kept: one with another URL is another one, so that a correction switches it on. */
export function stateName({ name, url }: Pick<Endpoint, 'name' | 'url'>): string {
  return `${name}:${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
}

/** All endpoints of the operator. An abstract class would be no more: Nest's token. */
export class Endpoints {
  private readonly byName: ReadonlyMap<string, Endpoint>;

  /** @param ownSecrets sign calls of jobs' own URLs that no endpoint's server gets */
  constructor(
    readonly all: readonly Endpoint[],
    private readonly ownSecrets: readonly string[],
  ) {
    this.byName = new Map(all.map((endpoint) => [endpoint.name, endpoint]));
  }

  get(name: string): Endpoint | undefined {
    return this.byName.get(name);
  }

  /**
   * What a job's own URL is signed by: the secrets of the first endpoint on the same server, so that clients of different
   * receivers need not share one.
   */
  secretsFor(url: string): readonly string[] {
    const { origin } = new URL(url);
    return this.all.find((endpoint) => new URL(endpoint.url).origin === origin)?.secrets ?? this.ownSecrets;
  }
}
