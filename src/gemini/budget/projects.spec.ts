import { describe, expect, it } from '@jest/globals';
import { projectsOf } from './projects.js';

const key = (id: string, project: string, rpm: number, tpm: number, rpd: number) => ({
  id,
  project,
  key: `secret-${id}`,
  rpm,
  tpm,
  rpd,
});

describe('the projects of keys', () => {
  it('share one budget among their keys, by the smallest limits', () => {
    const projects = projectsOf([key('a', 'p', 10, 1_000, 100), key('b', 'q', 1, 1, 1), key('c', 'p', 20, 500, 90)]);
    expect(projects.map(({ name, keys }) => [name, keys.map(({ id }) => id)])).toEqual([
      ['p', ['a', 'c']],
      ['q', ['b']],
    ]);
    expect(projects[0]).toMatchObject({ rpm: 10, tpm: 500, rpd: 90 });
  });
});
