/** The kinds of addresses in Keystone's catalog. */
export type CatalogInterface = 'public' | 'internal' | 'admin';

/** What Keystone gives an application of a user's, by its id, or by its name and that user. */
export interface ApplicationCredential {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly secret: string;
}

/** Where a Swift is and who asks. What the environment says, see `.env.example`. */
export interface SwiftSettings {
  /** Keystone's address; with or without `/v3` at its end. */
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  /** Ids win over names. */
  readonly userId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly userDomainId?: string | undefined;
  readonly projectDomainId?: string | undefined;
  /** In the place of user, password and project. */
  readonly applicationCredential?: ApplicationCredential | undefined;
  /** Which of Swift's addresses in the catalog; `public` if left out. */
  readonly interface?: CatalogInterface;
  /** Not needed where the catalog has one region only. */
  readonly region: string | undefined;
  /** Made if missing. */
  readonly container: string;
  /** Swift removes artifacts by itself after so many days; undefined: never. */
  readonly deleteAfterDays: number | undefined;
  /** The key that links are signed with; Swift has to know it too. Undefined: links are not signed. */
  readonly tempUrlKey: string | undefined;
}

/** How long Swift is waited for, ms. */
export interface RetryPace {
  /** One authentication, all in all. */
  readonly authMs: number;
  /** No byte moved for so long: the try has failed. Swift itself gives up on a dead disk after 10 s; let it say so. */
  readonly idleMs: number;
  /** One try of one call. */
  readonly tryMs: number;
  /** Tries before the error goes to the job, which has retries of its own. */
  readonly tries: number;
  /** The longest wait before the second try; doubled for every further one. */
  readonly baseMs: number;
  readonly capMs: number;
  /** One look whether artifacts can be stored. */
  readonly checkMs: number;
}

/** What suits a Swift in a data centre and artifacts of a few MB. */
export const RETRY_PACE: RetryPace = {
  authMs: 15_000,
  idleMs: 30_000,
  tryMs: 300_000,
  tries: 4,
  baseMs: 500,
  capMs: 10_000,
  checkMs: 5_000,
};
