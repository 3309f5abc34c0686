/** A payload as Redis gives it, of plain texts. */
export function bytesOf(...texts: string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text));
}
