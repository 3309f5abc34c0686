import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseCameras, readCamerasFile } from './cameras-file.js';
import { CamerasFileError } from './cameras-file.error.js';
import type { Cameras } from './camera.js';

const SECRETS: Record<string, string> = { CAM7_AUTH: 'Bearer hunter2\n' };
const LIMITS = { maxSeconds: 600, secrets: { secret: (name: string) => SECRETS[name] } };
const SQUARE = [
  [0.3, 0.4],
  [0.7, 0.4],
  [1, 1],
  [0, 1],
];
const CALIBRATION = { corners: SQUARE, widthM: 7, lengthM: 30 };
const HLS = 'https://cam.example/a.m3u8?token=hunter2';

const parse = (...cameras: unknown[]): Cameras => parseCameras(JSON.stringify({ cameras }), LIMITS);

function problemsOf(text: string): readonly string[] {
  try {
    parseCameras(text, LIMITS);
  } catch (error) {
    if (error instanceof CamerasFileError) return error.problems;
    throw error;
  }
  return [];
}

const problemsWith = (...cameras: unknown[]): readonly string[] => problemsOf(JSON.stringify({ cameras }));

describe('the cameras file', () => {
  it('describes cameras; what is left out has a default', () => {
    const cameras = parse({ cctvId: 'cam_1', hls: HLS, record: true, calibration: CALIBRATION }, { cctvId: 'cam_2' });
    expect(cameras.all).toHaveLength(2);
    expect(cameras.get('cam_1')).toEqual({
      cctvId: 'cam_1',
      hls: HLS,
      headers: undefined,
      region: undefined,
      calibration: CALIBRATION,
      record: true,
      inspectEveryMinutes: undefined,
      inspectSeconds: 20,
      name: undefined,
      location: undefined,
      bearing: undefined,
      road: undefined,
      tags: [],
    });
    expect(cameras.get('cam_2')).toMatchObject({ hls: undefined, record: false });
  });

  it('is shown by cameras.example.json', () => {
    const cameras = parseCameras(readFileSync('cameras.example.json', 'utf8'), LIMITS);
    expect(cameras.all.map(({ record, inspectEveryMinutes }) => [record, inspectEveryMinutes])).toEqual([
      [true, 60],
      [false, 10],
      [false, undefined],
    ]);
  });

  it('tells people where a camera is, and what it is called', () => {
    const place = {
      name: '세종대로 북단',
      location: { lat: 37.5665, lon: 126.978 },
      bearing: 352.5,
      road: '세종대로',
      tags: ['school', '버스 차로'],
    };
    expect(parse({ cctvId: 'cam_1', ...place }).get('cam_1')).toMatchObject(place);
  });

  it.each([
    [{ name: 7 }, 'name must be a text'],
    [{ name: ' a' }, 'name must be one line of 1 to 120'],
    [{ name: 'a\nb' }, 'name must be one line'],
    [{ road: 'x'.repeat(121) }, 'road must be one line'],
    [{ location: [1, 2] }, 'location must be an object'],
    [{ location: { lat: 91, lon: 0 } }, 'location.lat must be a number from -90 to 90 degrees north'],
    [{ location: { lat: 1 } }, 'location.lon is missing'],
    [{ location: { lat: 1, lng: 2, lon: 2 } }, 'no field is called "location.lng"; did you mean "lon"?'],
    [{ bearing: 361 }, 'bearing must be a number from 0 to 360'],
    [{ bearing: '7' }, 'bearing must be a number'],
    [{ tags: 'a' }, 'tags must be a list'],
    [{ tags: ['a', ''] }, 'tags no. 2 must be one line of 1 to 40'],
    [{ tags: ['a,b'] }, 'tags no. 1 must be one line of 1 to 40 characters, without spaces around it, without a comma'],
    [{ tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, 'tags must be 20 at most; it has 21'],
    [{ bearings: 7 }, 'did you mean "bearing"?'],
  ])('refuses the place %j', (place, problem) => {
    expect(problemsWith({ cctvId: 'a', ...place })).toEqual([expect.stringContaining(problem)]);
  });

  it('gives headers to the servers of the camera only, with secrets from elsewhere', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'secret-')), 'cookie');
    writeFileSync(file, 'sid=hunter2\n');
    const headers = {
      Referer: 'https://city.example/',
      Authorization: { env: 'CAM7_AUTH' },
      Cookie: { file },
      'X-Key': 'hunter2',
    };
    const camera = parse({ cctvId: 'cam_7', hls: HLS, headers, headerOrigins: ['http://cdn.example:80/'] }).get(
      'cam_7',
    );
    const sent = {
      referer: 'https://city.example/',
      authorization: 'Bearer hunter2',
      cookie: 'sid=hunter2',
      'x-key': 'hunter2',
    };
    expect(camera?.headers?.for('https://cam.example')).toEqual(sent);
    expect(camera?.headers?.for('http://cdn.example')).toEqual(sent);
    for (const other of [
      'http://cam.example',
      'https://cam.example:8443',
      'https://evil.cam.example',
      'https://example',
    ]) {
      expect(camera?.headers?.for(other)).toEqual({});
    }
    expect(JSON.stringify(camera?.headers) + inspect(camera?.headers)).not.toContain('hunter2');
  });

  it.each([
    [{ Host: 'a' }, 'headers.Host is not a header that may be given'],
    [{ Range: 'bytes=0-' }, 'headers.Range is not a header that may be given'],
    [{ 'Accept-Encoding': 'gzip' }, 'headers.Accept-Encoding is not'],
    [{ 'Proxy-Authorization': 'hunter2' }, 'headers.Proxy-Authorization is not'],
    [{ Referer: 'hunter2\r\nHost: evil' }, 'headers.Referer must be one line'],
    [{ Referer: 'hunter2'.repeat(1000) }, 'headers.Referer must be one line'],
    [{ Cookie: 7 }, 'headers.Cookie must be a text'],
    [{ Cookie: { env: 'NOT_SET' } }, 'names the variable NOT_SET, which is not set'],
    [{ Cookie: { file: '/nowhere/hunter1' } }, 'cannot be read (ENOENT)'],
    [{ Cookie: { file: '/dev/zero' } }, 'is no small file'],
    [{ Cookie: { env: 'CAM7_AUTH', file: '/a' } }, 'must be a text, {'],
    [{ Cookie: { vault: 'a' } }, 'no field is called'],
    [Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`x-${i}`, 'a'])), 'must not be more than 16'],
  ])('refuses the headers %j', (headers, expected) => {
    const problems = problemsWith({ cctvId: 'cam_7', hls: HLS, headers }).join('\n');
    expect(problems).toContain(expected);
    expect(problems).not.toContain('hunter2');
  });

  it.each([['https://cdn.example/path'], ['ftp://cdn.example'], ['https://a@cdn.example'], [7]])(
    'refuses the origin %j',
    (origin) => {
      const camera = { cctvId: 'cam_7', hls: HLS, headers: { Referer: 'a' }, headerOrigins: [origin] };
      expect(problemsWith(camera).join()).toContain('must hold origins without a path');
    },
  );

  it('wants to know which servers get headers', () => {
    expect(problemsWith({ cctvId: 'cam_7', headers: { Referer: 'a' } }).join()).toContain('need hls or headerOrigins');
    expect(problemsWith({ cctvId: 'cam_7', hls: HLS, headerOrigins: [] }).join()).toContain('needs headers');
  });

  it('may begin with a byte order mark, as editors on Windows write it', () => {
    expect(parseCameras('\ufeff{"cameras":[]}', LIMITS).all).toEqual([]);
  });

  it('tells all that is wrong at once, by camera and field', () => {
    const problems = problemsWith(
      { cctvId: 'cam_1', hls: 'rtsp://cam', record: 'yes' },
      { hls: HLS },
      { cctvId: '../etc', inspectSeconds: 601 },
      7,
    );
    expect(problems).toEqual([
      'camera "cam_1": hls must be an http or https URL',
      'camera "cam_1": record must be true or false, without quotes',
      'camera no. 2: cctvId is missing; each camera needs one',
      'camera "../etc": cctvId must be 1 to 128 of letters, digits, ".", "_" and "-", and not "." or ".."',
      'camera "../etc": inspectSeconds must be a whole number from 1 to 600 seconds (JOB_MAX_SECONDS), without quotes',
      'camera no. 4: must be an object in curly brackets',
    ]);
  });

  it.each([
    [{ cctvid: 'a', cctvId: 'a' }, 'camera "a": no field is called "cctvid"; did you mean "cctvId"?'],
    [{ cctvId: 'a', inspectEveryMinute: 5 }, 'did you mean "inspectEveryMinutes"?'],
    [{ cctvId: 'a', colour: 'red' }, 'no field is called "colour"; known: cctvId, hls, '],
    [{ cctvId: 'a', calibration: { ...CALIBRATION, width: 7 } }, '"calibration.width"; did you mean "widthM"?'],
  ])('refuses unknown fields: %j', (camera, problem) => {
    expect(problemsWith(camera)).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses two cameras of one name', () => {
    expect(problemsWith({ cctvId: 'a' }, { cctvId: 'b' }, { cctvId: 'a' })).toEqual([
      'camera "a": cctvId is there more than once',
    ]);
  });

  it('wants a URL for cameras that are recorded or inspected', () => {
    expect(problemsWith({ cctvId: 'a', record: true }, { cctvId: 'b', inspectEveryMinutes: 5 })).toEqual([
      'camera "a": hls is missing; record needs it',
      'camera "b": hls is missing; inspectEveryMinutes needs it',
    ]);
  });

  it.each([
    ['two points', SQUARE.slice(0, 2), 'must have 3 to 64 points; it has 2'],
    ['a point outside', [...SQUARE.slice(0, 3), [0, 1.5]], 'its point no. 4 is none'],
    ['pixels', [...SQUARE.slice(0, 3), ['0', '1']], 'its point no. 4 is none'],
    ['a bow tie', [SQUARE[0], SQUARE[1], SQUARE[3], SQUARE[2]], 'does not cross or touch itself'],
    ['a point twice', [...SQUARE, SQUARE[3]], 'does not cross or touch itself'],
    ['a spike', [...SQUARE.slice(0, 3), [1, 0.5], [0, 1]], 'does not cross or touch itself'],
    [
      'a line',
      [
        [0, 0],
        [0.5, 0.5],
        [1, 1],
      ],
      'does not cross or touch itself',
    ],
    [
      'a corner that touches an edge',
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0.5, 0],
        [0, 1],
      ],
      'does not cross or touch itself',
    ],
    ['no list', 'all', 'must be a list'],
  ])('refuses a region of %s', (_what, region, problem) => {
    expect(problemsWith({ cctvId: 'a', region })).toEqual([expect.stringContaining(problem)]);
  });

  it('takes a region with corners that point inwards', () => {
    const region = [
      [0, 0],
      [0.5, 0.5],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    expect(parse({ cctvId: 'a', region }).get('a')?.region).toEqual(region);
  });

  it.each([
    ['near before far', [SQUARE[2], SQUARE[3], SQUARE[0], SQUARE[1]], 'must be far left, far right'],
    ['left and right changed', [SQUARE[1], SQUARE[0], SQUARE[3], SQUARE[2]], 'must be far left, far right'],
    [
      'a corner that points inwards',
      [
        [0, 0],
        [0.3, 0.3],
        [1, 1],
        [0, 0.9],
      ],
      'must be far left, far right',
    ],
    ['three points', SQUARE.slice(1), 'must have 4 points; it has 3'],
    ['none at all', undefined, 'is missing'],
  ])('refuses calibration corners with %s', (_what, corners, problem) => {
    const calibration = { ...CALIBRATION, corners };
    expect(problemsWith({ cctvId: 'a', calibration })).toEqual([
      expect.stringContaining(`calibration.corners ${problem}`),
    ]);
  });

  it('wants both sizes of the calibration', () => {
    expect(problemsWith({ cctvId: 'a', calibration: { corners: SQUARE, widthM: '7', lengthM: 0 } })).toEqual([
      'camera "a": calibration.widthM must be a number above 0 and up to 1000 m, without quotes',
      'camera "a": calibration.lengthM must be a number above 0 and up to 1000 m, without quotes',
    ]);
  });

  it.each([
    ['{"cameras":[\n{"cctvId":"a","hls":"hunter2",}]}', 'It is not JSON'],
    ['{"cameras":[\n', 'It is not JSON: '],
    ['', 'It is not JSON: it ends too early.'],
    ['[]', 'It must be one object'],
    ['{}', 'cameras is missing'],
    ['{"cameras":{}}', 'cameras must be a list'],
    ['{"camera":[],"cameras":[]}', 'did you mean "cameras"?'],
  ])('refuses %j in a sentence', (text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('never repeats a secret', () => {
    const all = [
      ...problemsWith({ cctvId: 'a', hls: 'ftp://u:hunter2@cam' }, { cctvId: 'b', hls: 'hunter2 x' }),
      ...problemsOf('{"cameras":[{"hls":"https://u:hunter2@cam" x}]}'),
    ];
    expect(all).toHaveLength(3);
    expect(all.join()).not.toContain('hunter2');
  });

  it('says so when it is not there', async () => {
    const error = await readCamerasFile('/nowhere/cameras.json', LIMITS).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CAMERAS_FILE_UNREADABLE', message: expect.stringContaining('ENOENT') });
  });
});
