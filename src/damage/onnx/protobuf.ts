/** One field of a Protocol Buffers message: a number, or the bytes of a text or a message within. */
export type Field = { number: number; value: number } | { number: number; bytes: Uint8Array };

/**
 * The fields of a message in the order they come (https://protobuf.dev/programming-guides/encoding).
 * @throws Error when the bytes are no message
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const reader = new Reader(message);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    if (number === 0) throw new Error('A field has no number.');
    if (wireType === 0) yield { number, value: reader.varint() };
    else if (wireType === 1) yield { number, bytes: reader.take(8) };
    else if (wireType === 2) yield { number, bytes: reader.take(reader.varint()) };
    else if (wireType === 5) yield { number, bytes: reader.take(4) };
    else throw new Error(`A field has the unknown type ${wireType}.`);
  }
}

/** The text of a field. */
export function utf8Of(field: Field): string {
  return 'bytes' in field ? Buffer.from(field.bytes).toString('utf8') : String(field.value);
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** Seven bits a byte, the lowest first. Beyond 2^53 the number is not exact, which no length or tag is. */
  varint(): number {
    let value = 0;
    for (let factor = 1, count = 0; count < 10; factor *= 128, count++) {
      const byte = this.take(1)[0]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new Error('A number does not end.');
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new Error('The message is cut short.');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}
