/** The standard deviation of a luma plane's Laplacian (Pech-Pacheco et al., ICPR 2000), in grey values. */
export function sharpnessOf(luma: Uint8Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const laplacian = luma[i - 1]! + luma[i + 1]! + luma[i - width]! + luma[i + width]! - 4 * luma[i]!;
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  }
  const count = Math.max(1, (width - 2) * (height - 2));
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
