/**
 * Headers that go with requests to one camera. Values may be secrets: they are in no property that a log line, an artifact or an
 * answer could show.
 */
export class CameraHeaders {
  readonly #values: Readonly<Record<string, string>>;

  /**
   * @param origins servers that get them, such as `https://cam.example:8443`; no other does, whoever redirects or links there
   * @param values by lower-case name
   */
  constructor(
    readonly origins: readonly string[],
    values: Readonly<Record<string, string>>,
  ) {
    this.#values = values;
  }

  /** What goes with a request to a server; nothing for one that is not the camera's own. */
  for(origin: string): Readonly<Record<string, string>> {
    return this.origins.includes(origin) ? this.#values : {};
  }
}
