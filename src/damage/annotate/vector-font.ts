/** A glyph is drawn on 5 columns and 9 rows: capitals stand on row 6 and reach up to row 0. */
const CAP_ROWS = 6;
const ADVANCE = 6;

/**
 * Strokes of each character: lines parted by blanks, each a chain of points of two digits, column and row. Own glyphs,
 * since a bare machine has no fonts at all, and text through a missing font is drawn as nothing.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  A: '062046 1434',
  B: '00063645443303 3342413000',
  C: '4130100105163645',
  D: '00063645413000',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '1030 2026 1636',
  J: '4045361605',
  K: '0006 400346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 2446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  a: '12324346 441405163645',
  b: '0006 0312324345361605',
  c: '4332120305163645',
  d: '4046 4332120305163645',
  e: '04444332120305163645',
  f: '40302126 1232',
  g: '4332120305163645 4247381807',
  h: '0006 0312324346',
  i: '2226 2021',
  j: '22271808 2021',
  k: '0006 420446',
  l: '10202636',
  m: '0602 03122326 23324346',
  n: '0602 0312324346',
  o: '123243453616050312',
  p: '0208 0312324345361605',
  q: '4248 4332120305163645',
  r: '0206 03123243',
  s: '43321203143445361605',
  t: '1015263645 0232',
  u: '0205163645 4246',
  v: '022642',
  w: '0216243642',
  x: '0246 4206',
  y: '0226 4218',
  z: '02420646',
  0: '103041453616050110 3214',
  1: '112026 1636',
  2: '01103041420646',
  3: '0110304142334445361605 1333',
  4: '36300444',
  5: '400003334445361605',
  6: '4130100105163645443303',
  7: '004016',
  8: '103041423313020110 1304051636454433',
  9: '0516364541301001021343',
  ' ': '',
  '.': '2526',
  ',': '2517',
  ':': '2223 2526',
  '-': '1333',
  _: '0747',
  '/': '4006',
  '%': '4006 0010110100 3545463635',
  '(': '30212536',
  ')': '10212516',
  '+': '2125 0343',
  '=': '0242 0444',
  "'": '2021',
};

/** What has no glyph is drawn as a box. */
const UNKNOWN = '0006464000';

/** The width in px of a text whose capitals are `capHeight` px high. */
export function textWidth(text: string, capHeight: number): number {
  return Math.max(0, ([...text].length * ADVANCE - 2) * (capHeight / CAP_ROWS));
}

/**
 * The path data (SVG `d`) of a text, to be stroked.
 * @param x its left edge, px
 * @param y the top of its capitals, px
 */
export function textPath(text: string, x: number, y: number, capHeight: number): string {
  const unit = capHeight / CAP_ROWS;
  return [...text]
    .flatMap((character, i) => {
      const left = x + i * ADVANCE * unit;
      return strokesOf(character).map((stroke) => strokePath(stroke, left, y, unit));
    })
    .join('');
}

function strokesOf(character: string): string[] {
  return (GLYPHS[character] ?? UNKNOWN).split(' ').filter((stroke) => stroke !== '');
}

function strokePath(stroke: string, left: number, top: number, unit: number): string {
  const points = stroke.match(/\d\d/g) ?? [];
  return points
    .map((point, i) => {
      const x = left + Number(point[0]) * unit;
      const y = top + Number(point[1]) * unit;
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
