/** Keys that were named for this store; without them the usual places are asked, see {@link S3Settings}. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken: string | undefined;
}

/** Where the bucket is and who asks. What the environment says, see `.env.example`. */
export interface S3Settings {
  /** Undefined: where AWS has the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** It has to be there. */
  readonly bucket: string;
  /** In front of every key, for a bucket that is shared with others; may be empty. */
  readonly keyPrefix: string;
  /** Undefined: the chain of the AWS SDK, from `AWS_ACCESS_KEY_ID` over profiles to the role of the machine. */
  readonly keys: S3Keys | undefined;
  /** The bucket stands in the path of an address, not in the host's name. */
  readonly pathStyle: boolean;
  /** Links open for so long, 7 at most; 0: links are not signed. */
  readonly linkDays: number;
  /** `key=value`: every artifact that may go with age has it, so that a rule of the bucket can remove those. */
  readonly agingTag: string | undefined;
}
