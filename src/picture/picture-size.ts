import sharp from 'sharp';

/** How large a stored picture is, px, by its header. @throws an Error for what is no picture */
export async function pictureSize(picture: Buffer): Promise<{ width: number; height: number }> {
  const { width, height } = await sharp(picture).metadata();
  return { width, height };
}
