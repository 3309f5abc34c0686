/** What of WebAssembly is used here; neither TypeScript's library without the DOM nor Node's types declare it. */
declare namespace WebAssembly {
  class Memory {
    constructor(size: { initial: number });
    readonly buffer: ArrayBuffer;
  }
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- nobody looks into one
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
