/** Where a recorded video is read from. */
export type SegmentSource =
  /** A file of this machine, at an absolute path that was checked. */
  | { readonly kind: 'file'; readonly path: string }
  /** An http or https URL that somebody else wrote; may carry secrets. */
  | { readonly kind: 'url'; readonly url: string };
