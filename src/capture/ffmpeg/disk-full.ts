/** Whether ffmpeg's last words say that what it wrote has no room. It ends with success when only the end of a file had none. */
export function saysDiskFull(lastWords: string): boolean {
  return /No space left|File too large|Disk quota/i.test(lastWords);
}
