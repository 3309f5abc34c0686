import { crc32 } from 'node:zlib';

/** A file of an archive. */
export interface ZipFile {
  /** Parts separated by `/`. */
  readonly name: string;
  readonly content: Buffer;
}

/** An archive of more, or with more files, would need ZIP64, which not every program reads. bytes */
const MOST_BYTES = 0xffff_fffe;
const MOST_FILES = 0xfffe;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 1980, the first day that the format knows: archives of the same files are the same. */
const DAY = 0x21;

/**
 * A zip archive as a stream of pieces, one file in memory at a time. Nothing is packed: JPEG pictures do not get smaller. By the APPNOTE of
 * PKWARE, 6.3.
 * @throws RangeError when it gets too large for the format
 */
export async function* zipOf(files: AsyncIterable<ZipFile>): AsyncGenerator<Buffer> {
  const entries: Buffer[] = [];
  let offset = 0;
  for await (const { name, content } of files) {
    const named = Buffer.from(name);
    const facts = factsOf(content, named);
    if (offset + content.length > MOST_BYTES || entries.length >= MOST_FILES) {
      throw new RangeError('The archive is too large: choose fewer files.');
    }
    entries.push(centralEntry(facts, named, offset));
    const head = Buffer.concat([uint32(LOCAL), facts, named]);
    yield head;
    yield content;
    offset += head.length + content.length;
  }
  const central = Buffer.concat(entries);
  yield central;
  const counts = [uint16(entries.length), uint16(entries.length), uint32(central.length), uint32(offset)];
  yield Buffer.concat([uint32(END), uint16(0), uint16(0), ...counts, uint16(0)]);
}

/** What is the same in front of a file and in the list of all: version, flags, no packing, time, day, sum, sizes, lengths of names. */
function factsOf(content: Buffer, name: Buffer): Buffer {
  const sizes = [uint32(crc32(content)), uint32(content.length), uint32(content.length)];
  const head = [uint16(VERSION), uint16(FLAGS), uint16(0), uint16(0), uint16(DAY)];
  return Buffer.concat([...head, ...sizes, uint16(name.length), uint16(0)]);
}

function centralEntry(facts: Buffer, name: Buffer, offset: number): Buffer {
  const rest = [uint16(0), uint16(0), uint16(0), uint32(0), uint32(offset)];
  return Buffer.concat([uint32(CENTRAL), uint16(VERSION), facts, ...rest, name]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
