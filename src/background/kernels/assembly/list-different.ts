/** Lists where two rows of `length` bytes differ, as indices in order, a u32 each. Returns how many there are. */
export function listDifferent(bytes: usize, others: usize, length: i32, list: usize): i32 {
  let found = 0;
  for (let i = 0; i < length; i += 16) {
    const differ = i8x16.ne(v128.load(bytes + <usize>i), v128.load(others + <usize>i));
    if (!v128.any_true(differ)) continue;
    let lanes = i8x16.bitmask(differ);
    if (length - i < 16) lanes &= (1 << (length - i)) - 1;
    for (; lanes != 0; lanes &= lanes - 1) {
      store<u32>(list + ((<usize>found) << 2), <u32>(i + ctz(lanes)));
      found++;
    }
  }
  return found;
}
