/** Headers that an operator gave to one camera. Values may be secrets: they are asked for when a request leaves, and kept nowhere. */
export interface OwnHeaders {
  /**
   * What goes with a request, by lower-case name; nothing for a server that is not the camera's own.
   * @param origin scheme, host and port as in a URL, such as `https://cam.example:8443`
   */
  for(origin: string): Readonly<Record<string, string>>;
}
