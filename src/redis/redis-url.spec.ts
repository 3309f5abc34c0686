import { describe, expect, it } from '@jest/globals';
import { objectionToRedisUrl, parseRedisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  it.each([
    ['redis://h', undefined, undefined],
    ['redis://:pa:ss@h', undefined, 'pa:ss'],
    ['redis://:p@ss@h', undefined, 'p@ss'],
    ['redis://:pa/ss@h:7000/1', undefined, 'pa/ss'],
    ['redis://:p%40%25%3A@h', undefined, 'p@%:'],
    ['redis://u%40x:a:b@h', 'u@x', 'a:b'],
    ['redis://u:@h', 'u', ''],
    ['redis://u@h', 'u', undefined],
    ['rediss+sentinel://u:a:b@a,b/main', 'u', 'a:b'],
  ])('finds user and password of %s', (url, username, password) => {
    expect(parseRedisUrl(url)).toMatchObject({ username, password });
  });

  it('finds hosts, ports and the database', () => {
    expect(parseRedisUrl('redis://[::1]:7000/3')).toMatchObject({ nodes: [{ host: '::1', port: 7000 }], db: 3 });
    expect(parseRedisUrl('redis+sentinel://a,b:1/main/2')).toMatchObject({
      ...{ kind: 'sentinel', master: 'main', db: 2 },
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 1 },
      ],
    });
  });

  it.each([
    ['rdis://:hunter2@h', 'must look like'],
    ['redis://', 'must look like'],
    ['redis://:hunter2@', 'must look like'],
    ['redis://h?x=hunter2', 'must look like'],
    ['redis://:hunter2%@h', '%25'],
    ['redis://:hunter2%zz@h', '%25'],
    ['redis://:hunter2@h:port', 'host or a port'],
    ['redis://:hunter2@h:65536', 'host or a port'],
    ['redis://:hunter2@h/zero', 'database'],
    ['redis+cluster://a,b/1', 'database'],
    ['redis+sentinel://a,b', 'name of the master'],
    ['redis://a,b', 'several hosts'],
  ])('says what is wrong with %s, and repeats nothing of it', (url, words) => {
    expect(objectionToRedisUrl(url)).toContain(words);
    expect(objectionToRedisUrl(url)).not.toContain('hunter2');
  });
});
