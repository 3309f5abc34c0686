/** Fine samples as whole grey values: `length` bytes at `out`, and up to 15 more that mean nothing. */
export function roundFine(fine: usize, length: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>length; i += 16) {
    v128.store(out + i, i8x16.narrow_i16x8_u(rounded(fine + 2 * i), rounded(fine + 2 * i + 16)));
  }
}

function rounded(at: usize): v128 {
  return i16x8.shr_u(i16x8.add_sat_u(v128.load(at), i16x8.splat(128)), 8);
}
