/** A picture in memory: 8 bits a channel, RGB interleaved, rows without padding. */
export interface Picture {
  /** px */
  width: number;
  /** px */
  height: number;
  /** `width * height * 3` bytes. */
  rgb: Uint8Array<ArrayBuffer>;
}
