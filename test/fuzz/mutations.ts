import fc from 'fast-check';

/** One change of some bytes. */
type Change = (bytes: Buffer) => Buffer;

/** Values that programs trip over. */
export const ODD_TEXT: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '-0',
    '1e308',
    '1e400',
    'NaN',
    'Infinity',
    '99999999999999999999',
    '0x10',
    '1.5',
    'null',
    'true',
  ],
  ...[
    '[]',
    '{}',
    '""',
    '"',
    "'",
    '\\',
    '\0',
    '\r\n',
    '\u2028',
    '\ud800',
    '\ufeff',
    '가나다',
    '🚗',
    '..',
    '.',
    '../../etc/passwd',
  ],
  ...['/etc/passwd', 'file:///etc/passwd', '%00', '%ff', '%', '__proto__', 'constructor', 'toString', '${x}', '{{x}}'],
  ...['http://127.0.0.1:1/', 'http://[::1]:1/x.m3u8', 'http://169.254.169.254/', 'javascript:0', 'x'.repeat(5_000)],
];

export const oddText = (): fc.Arbitrary<string> => fc.oneof(fc.constantFrom(...ODD_TEXT), fc.string());

/** The bytes with one to a few places changed, a piece gone, doubled or put in. */
export function mutated(bytes: Buffer, most = 4): fc.Arbitrary<Buffer> {
  return fc
    .array(change(), { minLength: 1, maxLength: most })
    .map((changes) => changes.reduce((b, alter) => alter(b), bytes));
}

/** The lines of a text, some of them gone, doubled, moved, or with a number or a piece of text replaced. */
export function mutatedLines(text: string, insertions: readonly string[]): fc.Arbitrary<string> {
  const place = fc.nat();
  const edit = fc.oneof(
    fc.record({ sort: fc.constantFrom('drop', 'double', 'swap'), place, odd: fc.constant('') }),
    fc.record({ sort: fc.constant('number'), place, odd: fc.constantFrom(...ODD_TEXT.slice(0, 14)) }),
    fc.record({ sort: fc.constant('insert'), place, odd: fc.constantFrom(...insertions) }),
  );
  const apply = (lines: string[], { sort, place: at, odd }: { sort: string; place: number; odd: string }): string[] => {
    const i = at % (lines.length || 1);
    const line = lines[i] ?? '';
    if (sort === 'drop') return lines.toSpliced(i, 1);
    if (sort === 'double') return lines.toSpliced(i, 0, line);
    if (sort === 'swap') return lines.toSpliced(i, 1).toSpliced(at % 7, 0, line);
    if (sort === 'insert') return lines.toSpliced(i, 0, odd);
    return lines.with(Math.min(i, lines.length - 1), line.replace(/\d+(\.\d+)?/, odd));
  };
  return fc
    .array(edit, { minLength: 1, maxLength: 5 })
    .map((edits) =>
      edits.reduce((lines, one) => (lines.length === 0 ? lines : apply(lines, one)), text.split('\n')).join('\n'),
    );
}

function change(): fc.Arbitrary<Change> {
  return fc
    .record({ sort: fc.nat(4), place: fc.nat(), length: fc.nat(64), byte: fc.nat(255) })
    .map(({ sort, place, length, byte }): Change => (bytes) => {
      const at = place % (bytes.length + 1);
      const [before, piece, behind] = [
        bytes.subarray(0, at),
        bytes.subarray(at, at + length),
        bytes.subarray(at + length),
      ];
      if (sort === 0) return before;
      if (sort === 1) return Buffer.concat([before, behind]);
      if (sort === 2) return Buffer.concat([before, piece, piece, behind]);
      if (sort === 3) return Buffer.concat([before, Buffer.alloc(length, byte), piece, behind]);
      return Buffer.concat([before, Buffer.from(piece.map((old) => old ^ byte)), behind]);
    });
}
