import { describe, expect, it } from '@jest/globals';
import { textPath, textWidth } from './vector-font.js';

const WRITTEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:%/(),+='";

describe('the vector font', () => {
  it('has a glyph of its own for all that a camera id or a legend can hold', () => {
    const glyphs = Array.from(WRITTEN, (character) => textPath(character, 0, 0, 6));
    expect(new Set(glyphs).size).toBe(WRITTEN.length);
    expect(glyphs).not.toContain(textPath('\u2603', 0, 0, 6));
  });

  it('draws nothing for a blank and something for what it does not know', () => {
    expect(textPath(' ', 0, 0, 6)).toBe('');
    expect(textPath('\uD55C', 0, 0, 6)).not.toBe('');
  });

  it('stays within the width it says', () => {
    const xs = [...textPath('Wm8', 10, 0, 12).matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...xs)).toBeLessThanOrEqual(10 + textWidth('Wm8', 12));
  });
});
