import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Which folders of `src` a folder may import from. Itself always; what is not listed, never. A folder stands below all that it
 * imports from, so that no cycle can come about; `test/docs/street-plan.spec.ts` checks the order.
 */
export const MAY_IMPORT = {
  lib: [],
  job: ['lib'],
  // Leaves: tools of the house, without a word about roads.
  log: [],
  threads: ['job'],
  outbound: ['lib'],
  redis: ['job', 'lib'],
  picture: ['job', 'threads'],
  config: ['job', 'lib', 'outbound', 'redis'],
  http: ['job', 'lib', 'log', 'config'],
  metrics: ['job', 'log'],
  tracing: ['job', 'lib', 'log'],
  audit: ['job', 'lib', 'log', 'redis', 'http'],
  // What a job does.
  cameras: ['job', 'lib'],
  capture: ['job', 'lib', 'outbound'],
  background: ['job', 'threads', 'picture', 'capture'],
  gemini: ['job', 'lib', 'log', 'redis', 'metrics'],
  artifacts: ['job', 'lib', 'log', 'metrics'],
  damage: ['job', 'lib', 'log', 'threads', 'redis', 'picture', 'cameras', 'background', 'gemini', 'artifacts'],
  // How jobs come and go.
  queue: ['job', 'lib', 'log', 'redis'],
  events: ['job', 'lib', 'log', 'redis', 'queue'],
  findings: ['job', 'lib', 'log', 'redis', 'picture', 'metrics', 'cameras', 'artifacts', 'damage', 'queue'],
  // What a job does, and what is known of its results.
  inspection: [
    'job',
    'lib',
    'log',
    'threads',
    'picture',
    'metrics',
    'cameras',
    'capture',
    'background',
    'artifacts',
    'damage',
    'findings',
  ],
  ledger: ['job', 'lib', 'log', 'redis', 'cameras', 'queue', 'events'],
  assessment: ['job', 'lib', 'log', 'redis', 'capture', 'gemini', 'artifacts', 'queue', 'ledger'],
  recording: ['job', 'lib', 'log', 'redis', 'metrics', 'cameras', 'capture', 'artifacts', 'queue', 'ledger'],
  schedule: ['job', 'lib', 'log', 'metrics', 'cameras', 'queue', 'ledger'],
  // How jobs and results travel from and to other systems.
  relay: ['job', 'lib', 'log', 'redis', 'metrics', 'queue', 'ledger'],
  kafka: ['job', 'lib', 'relay'],
  webhooks: ['job', 'lib', 'log', 'outbound', 'redis', 'metrics', 'cameras', 'queue', 'relay'],
  sqs: ['job', 'lib', 'relay'],
  worker: ['job', 'lib', 'log', 'redis', 'metrics', 'tracing', 'queue', 'events'],
  jobs: ['job', 'lib', 'outbound', 'redis', 'picture', 'artifacts', 'queue', 'events'],
  visits: ['job', 'lib', 'threads', 'redis', 'picture', 'artifacts', 'damage', 'ledger'],
  health: [
    'job',
    'lib',
    'log',
    'metrics',
    'capture',
    'gemini',
    'artifacts',
    'recording',
    'relay',
    'webhooks',
    'worker',
  ],
  // What people see: below it everything, but only by calls that everybody may make.
  dashboard: ['job', 'lib'],
};

/** One library, one home: whoever wants one elsewhere adds a port instead. */
export const HOMES = {
  ioredis: /^src\/redis\//,
  // The GPU guard asks nvidia-smi, within the thread that may hang with it.
  'node:child_process': /^src\/(capture\/ffmpeg|worker\/gpu)\//,
  // quiet-runtime asks whether it is in one.
  'node:worker_threads': /^src\/((threads|queue\/streams|worker\/gpu)\/|damage\/model\/quiet-runtime\.ts)/,
  sharp: /^src\/(picture|damage)\//,
  'onnxruntime-node': /^src\/damage\/model\//,
  kafkajs: /^src\/kafka\//,
  pkgcloud: /^src\/artifacts\/swift\//,
  // The other file only asks whether it is installed.
  '@aws-sdk/client-s3': /^src\/artifacts\/(s3\/|open-store\.ts)/,
  '@aws-sdk/s3-request-presigner': /^src\/artifacts\/(s3\/|open-store\.ts)/,
  'prom-client': /^src\/metrics\//,
  '@opentelemetry': /^src\/tracing\//,
  systeminformation: /^src\/(metrics\/|worker\/gpu)/,
  preact: /^src\/dashboard\/client\//,
  '@preact/signals': /^src\/dashboard\/client\//,
  leaflet: /^src\/dashboard\/client\//,
  '@aws-sdk/client-sqs': /^src\/sqs\//,
  pino: /^src\/log\//,
  'pino-pretty': /^src\/log\//,
  '@google/generative-ai': /^src\/gemini\/sdk\/sdk-gemini-api\.ts$/,
  // All else is plain TypeScript that runs and is tested without the framework.
  '@nestjs':
    /\.(module|controller|service|guard|filter|interceptor|pipe|health|dto)\.ts$|^src\/(main|app|service)|^src\/http\/|^src\/cli\/serve|\/nest-log\.ts$/,
};

/** A file of ours with a home, too: who holds a connection can send any command. */
export const FILE_HOMES = {
  'src/redis/connection':
    /^src\/(redis|queue|cli)\/|^src\/(events\/(event-feed|event-hub|blocked-reader|by-slot)|ledger\/(camera-ledger|ledger-writer|job-notes|looks\/camera-looks)|audit\/audit-stream|gemini\/budget\/(budgets|diagnose|scripts)|assessment\/cache\/analysis-cache|worker\/breaker\/breaker-store)\.ts$/,
};

/** Files that know the framework may know the configuration too, and so may those that say what a kind of job is. */
const NEST_FILES = [
  'src/**/*.{controller,service,guard,filter,interceptor,pipe,health,dto,kind,intake}.ts',
  'src/log/nest-log.ts',
];

/** Modules put things together: they may import from every folder but the one whose jobs they would run. */
const MODULES = ['src/**/*.module.ts', 'src/queue/make-queue.ts'];

/** Who may see the worker: it knows jobs, not roads, and roads know nothing of it. */
const SEE_THE_WORKER = ['health', 'cli', 'worker'];

/** What a browser runs. */
const CLIENT_ZONE = {
  target: './src/dashboard/client',
  from: './src',
  except: ['./dashboard/client'],
  message: 'The page knows the service by its documented calls only.',
};

/** Reports the import of a library from anywhere but its home. */
const oneHome = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { away: '{{library}} has its home in {{home}} (eslint.config.js, HOMES and FILE_HOMES).' },
  },
  create(context) {
    const file = relative(import.meta.dirname, context.filename).replaceAll('\\', '/');
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      const found = Object.entries(HOMES).find(([name]) =>
        [source, `node:${source}`].some((s) => s === name || s.startsWith(`${name}/`)),
      );
      const own = source.startsWith('.') ? ownFile(file, source) : undefined;
      const [library, home] = found ?? own ?? [];
      if (home === undefined || home.test(file)) return;
      context.report({ node, messageId: 'away', data: { library, home: home.source.replaceAll('\\', '') } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

/** The file of ours that a relative import means, if it has a home. */
function ownFile(file, source) {
  const path = join(dirname(file), source).replaceAll('\\', '/').replace(/\.js$/, '');
  return Object.entries(FILE_HOMES).find(([name]) => name === path);
}

export default tseslint.config(
  // AssemblyScript looks like TypeScript, but its types are others: asc checks it.
  {
    ignores: [
      'dist/',
      'coverage/',
      'artifacts/',
      'docs/',
      '.demo/',
      '.stack/',
      'models/',
      'src/background/kernels/assembly/',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A module class has decorators and nothing else.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Numbers in sentences are what they look like.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `for (;;)` says what it means, and so does `while (true)`.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // A callback of one expression reads best on one line, whatever that expression returns.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A callback may have nothing to do.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      // Ports and DTOs are abstract classes because Nest wants tokens; a literal of their shape is as good.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Code points are what fonts and names are made of here.
      '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }, 'string'] }],
      // `record['name']` marks a key that comes from outside.
      '@typescript-eslint/dot-notation': 'off',
      // A leading underscore says that a parameter is there for its place only.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A signal's reason is `any` to the compiler, and what others threw passes through as it came.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowThrowingAny: true }],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      // An array index that was just checked: the assertion `as T` is how this code says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // An adapter without awaits still answers its port's promise.
      '@typescript-eslint/require-await': 'off',
      // A type alias and an interface are told apart by whoever reads; both are fine.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Kernels walk typed arrays by index, which is what the engine makes fast.
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.js'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      'import-x/no-duplicates': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: ['**/*.spec.ts'],
    plugins: { roadstream: { rules: { 'one-home': oneHome } } },
    rules: { 'roadstream/one-home': 'error', ...restrictPaths(folderZones([])) },
  },
  { files: NEST_FILES, rules: restrictPaths(folderZones(['config', 'http'])) },
  // What runs in a browser shares no code with what runs in Node.
  { files: ['src/dashboard/client/**'], rules: restrictPaths([CLIENT_ZONE]) },
  { files: MODULES, rules: restrictPaths(workerZones()) },
  {
    files: ['src/**/*.ts'],
    // onnxruntime takes an order from the environment only.
    ignores: ['src/config/sources/environment.ts', 'src/damage/model/quiet-runtime.ts', '**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'The environment is read in src/config/sources/environment.ts only; take what you need from Config.',
        },
        {
          selector: ':matches(ImportDeclaration, ExportNamedDeclaration)[source.value=/^(node:)?process$/]',
          message: 'Use the global process, so that the rule about process.env sees it.',
        },
        {
          selector: "MemberExpression[object.name='AbortSignal'][property.name='any']",
          message:
            'It stays registered with a signal that lives as long as the process, and a time-out in it may be collected before it fires (Node 20). Use abortedBy.',
        },
      ],
    },
  },
  // Nest needs the classes of injected parameters at run time; a type import would erase them.
  { files: NEST_FILES, rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  {
    files: ['**/*.spec.ts', 'test/**', 'demo/**', 'stack/**', 'bench/**', 'eval/**'],
    rules: {
      // Fakes and matchers are loosely typed by nature.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      // Jest's it() and describe() return what nobody awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['it', 'describe'], package: '@jest/globals' }] },
      ],
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);

/** A folder without a row would be guarded by no rule. The tools for the command line stand above all others. */
function refuseUnlisted() {
  const folders = readdirSync(join(import.meta.dirname, 'src'), { withFileTypes: true }).filter((e) => e.isDirectory());
  const unlisted = folders.map(({ name }) => name).filter((name) => name !== 'cli' && !(name in MAY_IMPORT));
  if (unlisted.length > 0) {
    throw new Error(
      `src/${unlisted.join(', src/')}: give it a row in MAY_IMPORT of eslint.config.js, ['job'] at least.`,
    );
  }
}

/** One zone per folder of `src`: all of `src` is out of bounds but the folder itself and what it may import. */
function folderZones(also) {
  refuseUnlisted();
  return Object.entries(MAY_IMPORT).map(([folder, imports]) => {
    const allowed = [...new Set([...imports, ...also])];
    return {
      target: `./src/${folder}`,
      from: './src',
      except: [...new Set([folder, ...allowed])].map((name) => `./${name}`),
      message: `Beside itself src/${folder} may import from: ${allowed.join(', ') || 'nothing'} (MAY_IMPORT).`,
    };
  });
}

function workerZones() {
  const blind = Object.keys(MAY_IMPORT).filter((folder) => !SEE_THE_WORKER.includes(folder));
  const message = `Only ${SEE_THE_WORKER.join(', ')} and the app may import from src/worker.`;
  return blind.map((folder) => ({ target: `./src/${folder}`, from: './src/worker', message }));
}

function restrictPaths(zones) {
  const outside = ['./demo', './stack', './bench', './eval', './test'].map((from) => ({
    target: './src',
    from,
    message: 'What ships imports nothing from demo, stack, bench, eval or test.',
  }));
  return {
    'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: [...zones, ...outside] }],
  };
}
