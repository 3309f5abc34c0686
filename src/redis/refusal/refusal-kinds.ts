/** Why a Redis that answers does not do what it is asked. */
export type RefusalKind =
  'rights' | 'login' | 'memory' | 'disk' | 'type' | 'replica' | 'replicas' | 'unknown' | 'busy' | 'cluster';

/** How Redis puts it, alone or out of a script. */
const WORDS: readonly [RefusalKind, RegExp][] = [
  ['rights', /\bNOPERM\b|The user executing the script can't|ACL failure in script/],
  ['login', /\bNOAUTH\b|\bWRONGPASS\b|invalid password|without any password configured/],
  ['memory', /\bOOM command not allowed/],
  ['disk', /\bMISCONF\b/],
  ['type', /\bWRONGTYPE\b/],
  ['replica', /\bREADONLY\b/],
  ['replicas', /\bNOREPLICAS\b/],
  ['unknown', /unknown (?:sub)?command|Unknown Redis command called from script/i],
  ['busy', /^BUSY |^LOADING /],
  ['cluster', /\bCLUSTERDOWN\b|\bMASTERDOWN\b/],
];

/** What a person can do about it. */
const CURES: Record<RefusalKind, string> = {
  rights:
    'The user of REDIS_URL lacks the right: ACL SETUSER can give it. "roadstream doctor" names all that is missing, docs/redis.md all that is needed.',
  login: 'Redis does not accept user and password: correct REDIS_URL, REDIS_USERNAME and REDIS_PASSWORD.',
  memory: 'Redis is full: raise its maxmemory, or remove what fills it.',
  disk: 'Redis cannot save to its disk and takes no writes until it can: make room there, and look at its log.',
  type: 'The key holds something else than what belongs there: rename or delete it, or name another one in the settings.',
  replica: 'This is a replica: name the master in REDIS_URL, or find it by redis+sentinel://.',
  replicas: 'Redis misses the replicas that min-replicas-to-write wants: bring them back.',
  unknown: 'Redis does not know the command: it is too old, or the command was renamed or taken away.',
  busy: 'Redis is busy, loading its data or running a script of somebody: it may go on by itself.',
  cluster: 'A part of the cluster is away: bring its nodes back.',
};

/** What kind of refusal an error's message is; undefined when it is none. */
export function refusalKindOf(message: string): RefusalKind | undefined {
  return WORDS.find(([, words]) => words.test(message))?.[0];
}

/** What to do about a refusal; a sentence. */
export function cureOf(kind: RefusalKind): string {
  return CURES[kind];
}
