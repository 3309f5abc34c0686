import { accessContradictions, accessDoubts } from './access-config.js';
import { kafkaContradictions, kafkaDoubts } from './kafka-config.js';
import { sqsContradictions } from './sqs-config.js';
import { itemsOf } from './table/rows.js';
import { DEFAULTS, type Env, type Name } from './table/table.js';

/** What is wrong although every variable by itself is right: one line per problem, each beginning with the variable. */
export function findContradictions(env: Env): string[] {
  return [
    ...sameStreams(env),
    ...incompleteSwift(env),
    ...incompleteS3(env),
    ...halfKeys(env),
    ...missingModel(env),
    ...missingKey(env),
    ...accessContradictions(env),
    ...kafkaContradictions(env),
    ...sqsContradictions(env),
  ];
}

/** What is allowed but probably not meant: one sentence each. */
export function findDoubts(env: Env): string[] {
  const doubts: string[] = [];
  if (env.OS_AUTH_URL === undefined && (env.OS_USERNAME ?? env.OS_PASSWORD ?? env.OS_PROJECT_NAME) !== undefined) {
    doubts.push('OS_ variables are set without OS_AUTH_URL: artifacts go to the local folder ARTIFACTS_DIR.');
  }
  if ((env.GEMINI_PRICE_INPUT === undefined) !== (env.GEMINI_PRICE_OUTPUT === undefined)) {
    doubts.push('Only one of GEMINI_PRICE_INPUT and GEMINI_PRICE_OUTPUT is set: no cost is estimated.');
  }
  return [...doubts, ...idleRoles(env), ...accessDoubts(env), ...kafkaDoubts(env)];
}

/** By default a process does whatever it can; a role that was named is missed when it cannot be played. */
function idleRoles(env: Env): string[] {
  if (env.ROLES === DEFAULTS.ROLES) return [];
  const needs = {
    assess: [env.GEMINI_API_KEY ?? env.GEMINI_API_KEYS, 'GEMINI_API_KEY: this process judges nothing'],
    schedule: [env.CAMERAS_FILE, 'CAMERAS_FILE: this process records and schedules nothing'],
  } as const;
  return Object.entries(needs).flatMap(([role, [given, sentence]]) =>
    itemsOf(env.ROLES).includes(role) && given === undefined
      ? [`ROLES names ${role}, but there is no ${sentence}.`]
      : [],
  );
}

function sameStreams(env: Env): string[] {
  const names = [
    'REDIS_STREAM',
    'REDIS_STREAM_HIGH',
    'REDIS_DLQ_STREAM',
    'RESULTS_STREAM',
    'ASSESS_STREAM',
    'ASSESS_STREAM_HIGH',
    'ASSESS_DLQ_STREAM',
    'ASSESS_RESULTS_STREAM',
    'WEBHOOK_STREAM',
    'WEBHOOK_DLQ_STREAM',
  ] as const;
  return names.flatMap((name, i) => {
    const twin = names.slice(0, i).find((earlier) => env[earlier] === env[name]);
    return twin === undefined ? [] : [`${name}: is the same stream as ${twin}; must be another one`];
  });
}

function incompleteSwift(env: Env): string[] {
  if (env.OS_AUTH_URL === undefined) return [];
  const missing = (usesApplicationCredential(env) ? CREDENTIAL_NEEDS : PASSWORD_NEEDS).filter((names) =>
    names.every((name) => env[name] === undefined),
  );
  const nameless = usesApplicationCredential(env) && env.OS_APPLICATION_CREDENTIAL_ID === undefined;
  // A name is unique only among those of one user.
  if (nameless && (env.OS_USERNAME ?? env.OS_USER_ID) === undefined) missing.push(['OS_APPLICATION_CREDENTIAL_ID']);
  return missing.map(([name, other]) => {
    const either = other === undefined ? '' : `, or ${other},`;
    return `${name}: is not set; must be set${either} since OS_AUTH_URL is`;
  });
}

/** One store, whole: what is half set, or set twice, would lead somewhere that nobody meant. */
function incompleteS3(env: Env): string[] {
  const own = ['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_KEY_PREFIX'] as const;
  const given = own.find((name) => env[name] !== undefined);
  if (env.S3_BUCKET === undefined) {
    return given === undefined ? [] : [`S3_BUCKET: is not set; must be the name of a bucket, since ${given} is set`];
  }
  const problems: string[] = [];
  if (env.OS_AUTH_URL !== undefined) {
    problems.push('S3_BUCKET: is set, and OS_AUTH_URL too; artifacts go to one store: remove one of them');
  }
  if (env.S3_ENDPOINT === undefined && (env.S3_REGION ?? env.AWS_REGION) === undefined) {
    problems.push('S3_REGION: is not set; must be the region of the bucket, or S3_ENDPOINT the address of a store');
  }
  return problems;
}

/** An id without its secret, or the other way round. */
function halfKeys(env: Env): string[] {
  const sets = [
    ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_SESSION_TOKEN'],
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ] as const;
  return sets.flatMap((names) => {
    const given = names.find((name) => env[name] !== undefined);
    const missing = names.slice(0, 2).filter((name) => env[name] === undefined);
    return given === undefined ? [] : missing.map((name) => `${name}: is not set; must be set since ${given} is`);
  });
}

type Names = readonly [Name, ...Name[]];

/** Of each line one. */
const PASSWORD_NEEDS: readonly Names[] = [
  ['OS_USERNAME', 'OS_USER_ID'],
  ['OS_PASSWORD'],
  ['OS_PROJECT_NAME', 'OS_PROJECT_ID'],
];
const CREDENTIAL_NEEDS: readonly Names[] = [
  ['OS_APPLICATION_CREDENTIAL_ID', 'OS_APPLICATION_CREDENTIAL_NAME'],
  ['OS_APPLICATION_CREDENTIAL_SECRET'],
];

/** As OS_AUTH_TYPE says; without it, when there is one. */
export function usesApplicationCredential(env: Env): boolean {
  if (env.OS_AUTH_TYPE !== undefined) return env.OS_AUTH_TYPE === 'v3applicationcredential';
  return (env.OS_APPLICATION_CREDENTIAL_ID ?? env.OS_APPLICATION_CREDENTIAL_NAME) !== undefined;
}

function missingModel(env: Env): string[] {
  if (env.DAMAGE_DETECTOR !== 'onnx' || env.DAMAGE_MODEL !== undefined) return [];
  return ['DAMAGE_MODEL: is not set; must be the path of an ONNX file, since DAMAGE_DETECTOR is onnx'];
}

function missingKey(env: Env): string[] {
  if (env.DAMAGE_DETECTOR !== 'gemini' || (env.GEMINI_API_KEY ?? env.GEMINI_API_KEYS) !== undefined) return [];
  return ['GEMINI_API_KEY: is not set; must be a key, since DAMAGE_DETECTOR is gemini'];
}
