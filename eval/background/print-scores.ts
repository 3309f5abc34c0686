import type { PictureScore, SceneScore } from './scene-score.js';

/** Prints a table, a row for each scene, and one below it for the plain median where that was asked for. */
export function printScores(scores: Readonly<Record<string, SceneScore>>): void {
  const rows = Object.entries(scores).flatMap(([scene, { median, verdict, ...score }]) => [
    { scene, ...cellsOf(score), verdict },
    ...(median === undefined ? [] : [{ scene: '  plain median', ...cellsOf(median), verdict: '' }]),
  ]);
  console.table(rows);
}

function cellsOf({ age, pEPs, pCEPs, msSsim, psnr, roadPEPs }: PictureScore) {
  return {
    AGE: age.toFixed(2),
    pEPs: percent(pEPs),
    pCEPs: percent(pCEPs),
    'MS-SSIM': msSsim.toFixed(3),
    PSNR: psnr.toFixed(1),
    'pEPs of the road': roadPEPs === undefined ? '' : percent(roadPEPs),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
