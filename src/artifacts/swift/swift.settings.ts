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
