/** Brightness only: one byte a pixel. */
export interface Luma {
  /** px */
  width: number;
  /** px */
  height: number;
  data: Uint8Array;
}
