import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig, type Environment } from './config.js';
import { NAMES } from './table/table.js';

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('works without any variable', () => {
    const config = loadConfig({});
    expect(config.queue).toMatchObject({ stream: 'stream:preprocess', group: 'workers', visibilityMs: 300_000 });
    expect(config.worker).toMatchObject({ concurrency: 2, maxRetry: 3, jobTimeoutMs: 600_000 });
    expect(config.warnings).toEqual([]);
  });

  it('names every wrong variable in one message, one a line', () => {
    const wrong = { MAX_CONCURRENCY: '99', REDIS_BLOCK_MS: 'soon', LOG_LEVEL: 'loud' };
    const problems = problemsOf(wrong);
    expect(problems).toHaveLength(3);
    expect(() => loadConfig(wrong)).toThrow(/3 settings are wrong/);
    expect(problems).toContain('MAX_CONCURRENCY: is "99"; must be a whole number from 1 to 64 jobs');
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(Object.keys(wrong).sort());
  });

  it('says of a variable of an earlier version what holds now, and goes on', () => {
    const { warnings, assessment } = loadConfig({ ASSESS_MAX_RETRY: '9', SCHEDULE_CATCH_UP: '', REDIS_MAX_RETRY: '5' });
    expect(warnings).toEqual([
      'ASSESS_MAX_RETRY is no setting any more: REDIS_MAX_RETRY holds for every kind of job. It was ignored; remove it.',
    ]);
    expect(assessment.maxRetry).toBe(5);
  });

  it('takes an empty variable for an unset one', () => {
    const empty = Object.fromEntries(NAMES.map((name) => [name, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  it.each(['redis://:hunter2@h:port', 'redis://:hunter2%@h', 'redis+sentinel://:hunter2@a,b', 'redis://'])(
    'lists %s among what is wrong, by its name and without its password',
    (REDIS_URL) => {
      expect(problemsOf({ REDIS_URL })).toEqual([
        expect.stringMatching(/^REDIS_URL: is set, but not usable; (?!.*hunter2)./),
      ]);
    },
  );

  it('never repeats a secret', () => {
    const wrong = {
      REDIS_URL: 'rdis://:hunter2@host',
      CONTROL_TOKEN: 'hunter2 x',
      METRICS_TOKEN: 'hunter2 x',
      GEMINI_API_KEY: 'hunter2 x',
      REDIS_PASSWORD: 'hunter2\nx',
      OS_PASSWORD: 'hunter2\nx',
      OS_AUTH_URL: 'ftp://u:hunter2@host',
    };
    expect(problemsOf(wrong).length).toBeGreaterThanOrEqual(7);
    expect(problemsOf(wrong).join()).not.toContain('hunter2');
  });

  it('knows who is who behind a sign-on proxy', () => {
    const signOn = {
      AUTH_PROXY_ADDRESSES: '10.0.0.7, 2001:db8::/32',
      AUTH_PROXY_USER_HEADER: 'Remote-User',
      AUTH_PROXY_ROLES: 'cctv admins=operator, cctv-staff=viewer',
    };
    expect(loadConfig(signOn).access.signOn).toEqual({
      networks: ['10.0.0.7', '2001:db8::/32'],
      userHeader: 'remote-user',
      groupsHeader: 'x-forwarded-groups',
      roleOfGroup: new Map([
        ['cctv admins', 'operator'],
        ['cctv-staff', 'viewer'],
      ]),
      defaultRole: undefined,
    });
    expect(loadConfig({}).access.signOn).toBeUndefined();
  });

  it('refuses a sign-on proxy that could be anybody, or that gives nobody a role', () => {
    const wrong = {
      AUTH_PROXY_ADDRESSES: '0.0.0.0/0',
      AUTH_PROXY_USER_HEADER: 'Authorization',
      AUTH_PROXY_ROLE_HEADER: 'two words',
      AUTH_PROXY_ROLES: 'admins=client',
      AUTH_PROXY_DEFAULT_ROLE: 'client',
    };
    expect(
      problemsOf(wrong)
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(Object.keys(wrong).sort());
    expect(problemsOf({ AUTH_PROXY_ADDRESSES: '10.0.0.7' })).toEqual([
      expect.stringMatching(/^AUTH_PROXY_ROLES: is not set; must be set, or AUTH_PROXY_DEFAULT_ROLE/),
    ]);
    expect(loadConfig({ AUTH_PROXY_DEFAULT_ROLE: 'viewer' }).warnings).toEqual([
      'AUTH_PROXY_ variables without AUTH_PROXY_ADDRESSES do nothing.',
    ]);
  });

  it('turns units into ms and bytes', () => {
    const config = loadConfig({
      REDIS_VISIBILITY_TIMEOUT: '2.5',
      REDIS_STREAM_RETENTION_HOURS: '0.5',
      GPU_MIN_FREE_MB: '2',
      UPLOAD_MAX_MEGAPIXELS: '3',
    });
    expect(config.queue).toMatchObject({ visibilityMs: 2500, retentionMs: 1_800_000 });
    expect(config.gpu.minFreeBytes).toBe(2 * 1024 * 1024);
    expect(config.detection.uploadMaxPixels).toBe(3_000_000);
  });

  it.each([
    ['true', true],
    ['FALSE', false],
    ['0', false],
    ['yes', true],
  ])('reads GPU_MEMORY_GUARD=%s as %s', (text, flag) =>
    expect(loadConfig({ GPU_MEMORY_GUARD: text }).gpu.guard).toBe(flag),
  );

  it('stops where two streams are one', () => {
    expect(problemsOf({ REDIS_DLQ_STREAM: 'stream:preprocess' })[0]).toMatch(/^REDIS_DLQ_STREAM: is the same stream/);
    expect(problemsOf({ REDIS_STREAM_HIGH: 'a', REDIS_STREAM: 'a', REDIS_DLQ_STREAM: 'a' })).toHaveLength(2);
  });

  it('stores in Swift when OS_AUTH_URL is set, and asks for all that takes', () => {
    const auth = { OS_AUTH_URL: 'http://keystone:5000/v3' };
    expect(problemsOf(auth).map((line) => line.split(':')[0])).toEqual([
      'OS_USERNAME',
      'OS_PASSWORD',
      'OS_PROJECT_NAME',
    ]);
    const env = { ...auth, OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_NAME: 'x', SWIFT_DELETE_AFTER_DAYS: '30' };
    expect(loadConfig(env).storage.swift).toMatchObject({
      username: 'u',
      container: 'cctv-preprocess',
      deleteAfterDays: 30,
    });
    expect(loadConfig({}).storage.swift).toBeUndefined();
  });

  describe('S3', () => {
    const bucket = { S3_BUCKET: 'cctv', S3_ENDPOINT: 'https://minio:9000' };
    const keys = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };
    const swift = { OS_AUTH_URL: 'http://keystone:5000', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_NAME: 'x' };

    it('stores in S3 when S3_BUCKET is set, and in one store only', () => {
      expect(loadConfig({ ...bucket, ...keys }).storage).toMatchObject({
        swift: undefined,
        s3: {
          ...{ endpoint: 'https://minio:9000', bucket: 'cctv', region: 'us-east-1', pathStyle: true, linkDays: 7 },
          ...{ keyPrefix: '', keys: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: undefined } },
        },
      });
      expect(loadConfig({}).storage.s3).toBeUndefined();
      expect(problemsOf({ ...bucket, ...swift })).toEqual([
        expect.stringMatching(/^S3_BUCKET: is set, and OS_AUTH_URL too; .* remove one of them$/),
      ]);
    });

    it('is that of AWS without an endpoint, with the keys of AWS', () => {
      const aws = { S3_BUCKET: 'cctv', AWS_REGION: 'ap-northeast-2' };
      expect(loadConfig(aws).storage.s3).toMatchObject({
        ...{ endpoint: undefined, region: 'ap-northeast-2', pathStyle: false, keys: undefined },
      });
      const named = { AWS_ACCESS_KEY_ID: 'aws', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
      expect(loadConfig({ ...aws, ...named }).storage.s3?.keys).toMatchObject({
        accessKeyId: 'aws',
        sessionToken: 't',
      });
      expect(loadConfig({ ...aws, ...named, ...keys }).storage.s3?.keys).toMatchObject({
        ...{ accessKeyId: 'id', sessionToken: undefined },
      });
    });

    it.each<[Record<string, string>, string]>([
      [{ S3_ENDPOINT: 'https://minio:9000' }, 'S3_BUCKET: is not set'],
      [keys, 'S3_BUCKET: is not set'],
      [{ S3_BUCKET: 'cctv' }, 'S3_REGION: is not set'],
      [{ ...bucket, S3_ACCESS_KEY_ID: 'id' }, 'S3_SECRET_ACCESS_KEY: is not set'],
      [{ ...bucket, S3_SECRET_ACCESS_KEY: 's' }, 'S3_ACCESS_KEY_ID: is not set'],
      [{ S3_BUCKET: 'a/b' }, 'S3_BUCKET: is "a/b"'],
      [{ ...bucket, S3_REGION: 'here', S3_ENDPOINT: 'https://u:p@minio' }, 'S3_ENDPOINT: is'],
      [{ ...bucket, S3_LINK_DAYS: '8' }, 'S3_LINK_DAYS: is "8"'],
      [{ ...bucket, S3_AGING_TAG: 'a&b=c' }, 'S3_AGING_TAG: is "a&b=c"'],
      [{ ...bucket, S3_KEY_PREFIX: '../x' }, 'S3_KEY_PREFIX: is "../x"'],
    ])('of %j is refused', (env, problem) => expect(problemsOf(env)).toEqual([expect.stringContaining(problem)]));
  });

  describe('an openrc file', () => {
    const auth = { OS_AUTH_URL: 'http://keystone:5000/v3' };
    const password = { ...auth, OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_NAME: 'x' };
    const credential = { ...auth, OS_APPLICATION_CREDENTIAL_ID: 'id', OS_APPLICATION_CREDENTIAL_SECRET: 's' };

    it('may name ids instead of names, an interface, and an application credential instead of a password', () => {
      const ids = {
        OS_USER_ID: 'u',
        OS_PROJECT_ID: 'x',
        OS_PASSWORD: 'p',
        OS_USER_DOMAIN_ID: 'd',
        OS_INTERFACE: 'internal',
      };
      expect(loadConfig({ ...auth, ...ids }).storage.swift).toMatchObject({
        ...{ userId: 'u', projectId: 'x', userDomainId: 'd', interface: 'internal', applicationCredential: undefined },
      });
      expect(loadConfig(credential).storage.swift?.applicationCredential).toMatchObject({ id: 'id', secret: 's' });
      const both = loadConfig({ ...password, ...credential, OS_AUTH_TYPE: 'password' }).storage.swift;
      expect(both?.applicationCredential).toBeUndefined();
    });

    it.each<[Record<string, string>, string[]]>([
      [{ OS_APPLICATION_CREDENTIAL_ID: 'id' }, ['OS_APPLICATION_CREDENTIAL_SECRET']],
      [
        { OS_APPLICATION_CREDENTIAL_NAME: 'n', OS_APPLICATION_CREDENTIAL_SECRET: 's' },
        ['OS_APPLICATION_CREDENTIAL_ID'],
      ],
      [
        { OS_AUTH_TYPE: 'v3applicationcredential' },
        ['OS_APPLICATION_CREDENTIAL_ID', 'OS_APPLICATION_CREDENTIAL_SECRET'],
      ],
      [{ OS_AUTH_TYPE: 'v3token', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_NAME: 'x' }, ['OS_AUTH_TYPE']],
    ])('with %j lacks %j', (env, missing) => {
      const problems = problemsOf({ ...auth, ...env }).map((line) => line.split(':')[0]);
      expect([...new Set(problems)].sort()).toEqual([...missing].sort());
    });

    it.each([
      'OS_DOMAIN_ID',
      'OS_DOMAIN_NAME',
      'OS_SYSTEM_SCOPE',
      'OS_TRUST_ID',
      'OS_PASSCODE',
      'OS_IDENTITY_API_VERSION',
    ])('is refused by name for %s, which would lead elsewhere', (name) =>
      expect(problemsOf({ ...password, [name]: '2' })).toEqual([expect.stringMatching(`^${name}: is`)]),
    );

    it('is warned of by name for all else that is not read, and silently right in what is harmless', () => {
      const warningsOf = (more: Record<string, string>) => loadConfig({ ...password, ...more }).warnings;
      for (const name of ['OS_CACERT', 'OS_INSECURE', 'OS_CLOUD', 'OS_ENDPOINT_TYPE', 'OS_TOKEN', 'OS_SOMETHING']) {
        expect(warningsOf({ [name]: 'x' })).toEqual([expect.stringMatching(`^${name} was ignored: `)]);
      }
      expect(warningsOf({ OS_IDENTITY_API_VERSION: '3', OS_IMAGE_API_VERSION: '2', OS_TENANT_NAME: 'x' })).toEqual([]);
      expect(loadConfig({ OS_SOMETHING: 'x' }).warnings).toEqual([]);
    });
  });

  it.each([
    'http://keystone:5000/v2.0',
    'http://u:p@keystone:5000',
    'ftp://keystone',
    'keystone:5000',
    'http://k/?a=b',
  ])('refuses %s as OS_AUTH_URL', (url) =>
    expect(problemsOf({ OS_AUTH_URL: url })).toContainEqual(expect.stringContaining('OS_AUTH_URL: is set')),
  );

  it.each(['a/b', '..', '가'.repeat(86)])('refuses %s as SWIFT_CONTAINER', (name) =>
    expect(problemsOf({ SWIFT_CONTAINER: name })).toHaveLength(1),
  );

  it('names the detectors there are', () => {
    expect(problemsOf({ DAMAGE_DETECTOR: 'crystal-ball' })).toEqual([
      expect.stringContaining('builtin, onnx, gemini, classical'),
    ]);
  });

  it('asks for a model when the detector is the own one', () => {
    expect(problemsOf({ DAMAGE_DETECTOR: 'onnx' })).toEqual([expect.stringContaining('DAMAGE_MODEL: is not set')]);
    expect(problemsOf({ DAMAGE_MODEL_CLASSES: 'D00,hole' })).toEqual([expect.stringContaining('D40, crack or -')]);
    const { model } = loadConfig({
      DAMAGE_DETECTOR: 'onnx',
      DAMAGE_MODEL: 'm.onnx',
      DAMAGE_MODEL_CLASSES: 'D00,-',
    }).detection;
    expect(model).toMatchObject({
      file: 'm.onnx',
      layout: 'auto',
      classes: ['D00', '-'],
      threshold: 0.25,
      device: 'cpu',
    });
  });

  it.each(['10.0.0.0/8', '*.cam.kr', 'cam.kr:8080', '10.1.2.3', '[fd00::1]:80', 'fd00::/8', '*:8080', 'a.kr, b.kr'])(
    'accepts %s in OUTBOUND_ALLOW',
    (rules) => expect(problemsOf({ OUTBOUND_ALLOW: rules })).toEqual([]),
  );

  it.each(['10.0.0.0/33', '10.1', 'http://cam.kr', 'cam.kr:0', 'cam.kr:99999', 'a b', ':80'])(
    'refuses %s in OUTBOUND_DENY',
    (rules) => expect(problemsOf({ OUTBOUND_DENY: rules })).toHaveLength(1),
  );

  it.each(['../x/', '/x/', 'a//b', 'a/../b', './', 'a b'])('refuses the prefix %s', (prefix) =>
    expect(problemsOf({ SWIFT_UPLOAD_PREFIX: prefix })).toHaveLength(1),
  );

  it('takes the prefix / for none', () => expect(loadConfig({ SWIFT_UPLOAD_PREFIX: '/' }).storage.prefix).toBe(''));

  it('trusts no proxy unless told which', () => {
    expect(loadConfig({}).http.trustProxy).toBe(false);
    expect(loadConfig({ TRUST_PROXY: '1' }).http.trustProxy).toBe(1);
    expect(loadConfig({ TRUST_PROXY: 'loopback, 10.0.0.0/8' }).http.trustProxy).toBe('loopback, 10.0.0.0/8');
    expect(problemsOf({ TRUST_PROXY: 'true' })).toEqual([expect.stringContaining('claim to be local')]);
  });

  it('gathers Gemini keys from both variables, each once', () => {
    expect(loadConfig({ GEMINI_API_KEY: 'a', GEMINI_API_KEYS: 'b, a' }).gemini.keys.map(({ key }) => key)).toEqual([
      'a',
      'b',
    ]);
  });

  it('warns of a name with a slip in it, and of no stranger', () => {
    const { warnings } = loadConfig({
      REDIS_STRAEM: 'x',
      REDIS_PORT: 'tcp://1',
      OS_USER_NAME: 'u',
      PATH: '/bin',
      HOSTNAME: 'h',
    });
    expect(warnings).toEqual([
      'REDIS_STRAEM is no setting of this service; REDIS_STREAM is. It was ignored.',
      'OS_USER_NAME is no setting of this service; OS_USERNAME is. It was ignored.',
    ]);
  });

  it('warns of a role that was asked for and cannot be played, but not of those that are there by default', () => {
    expect(loadConfig({}).warnings).toEqual([]);
    expect(loadConfig({ ROLES: 'assess', GEMINI_API_KEYS: 'a' }).warnings).toEqual([]);
    expect(loadConfig({ ROLES: 'assess,schedule' }).warnings).toEqual([
      'ROLES names assess, but there is no GEMINI_API_KEY: this process judges nothing.',
      'ROLES names schedule, but there is no CAMERAS_FILE: this process records and schedules nothing.',
    ]);
  });

  it('has no doubt about a short timeout: a job gets at least what its length needs', () => {
    expect(loadConfig({ JOB_TIMEOUT_SECONDS: '10' }).warnings).toEqual([]);
  });
});

describe('Gemini keys', () => {
  const load = (keys: string) => loadConfig({ GEMINI_API_KEYS: keys }).gemini.keys;

  it('names a plain key without telling it, and gives it a project of its own', () => {
    const [first, second] = load('secret-one,secret-two');
    expect(first).toMatchObject({ key: 'secret-one', project: first?.id, rpm: 10, tpm: 250_000, rpd: 250 });
    expect(first?.id).toMatch(/^key-[0-9a-f]{6}$/);
    expect(second?.project).not.toBe(first?.project);
  });

  it('reads projects and budgets from JSON', () => {
    expect(load('[{"id":"a","project":"p","key":"k","rpm":5},{"id":"b","project":"p","key":"l"}]')).toEqual([
      { id: 'a', project: 'p', key: 'k', rpm: 5, tpm: 250_000, rpd: 250 },
      { id: 'b', project: 'p', key: 'l', rpm: 10, tpm: 250_000, rpd: 250 },
    ]);
  });

  it.each(['[', '[{"id":"a"}]', '[{"id":"a","key":"k","rpm":0}]', '[{"id":"a","key":"k","rmp":5}]'])(
    'refuses %s without repeating it',
    (keys) => {
      expect(problemsOf({ GEMINI_API_KEYS: keys })).toEqual([expect.stringMatching(/^GEMINI_API_KEYS: is set, but/)]);
    },
  );

  it('refuses two keys of one name', () => {
    expect(problemsOf({ GEMINI_API_KEYS: '[{"id":"a","key":"k"},{"id":"a","key":"l"}]' })).toHaveLength(1);
  });

  it('turns roles off that lack what they need', () => {
    expect(loadConfig({}).roles).toEqual({ inspect: true, assess: false, schedule: false, relay: true, api: false });
    expect(loadConfig({ GEMINI_API_KEY: 'a', CAMERAS_FILE: 'cameras.json', ROLES: 'assess, schedule' }).roles).toEqual({
      inspect: false,
      assess: true,
      schedule: true,
      relay: false,
      api: false,
    });
  });

  it('runs no jobs, schedule or relay where a process only answers HTTP', () => {
    const roles = { inspect: false, assess: false, schedule: false, relay: false, api: true };
    expect(loadConfig({ ROLES: 'api', GEMINI_API_KEY: 'a' })).toMatchObject({ roles, warnings: [] });
  });
});
