import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A message as another program writes it. */
export interface SentMessage {
  readonly topic: string;
  readonly key?: string;
  /** Without a line break. */
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message as another program reads it. */
export interface SeenMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly payload: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
}

/** No text of a test has it. */
const KEY_END = '\u0001';

/** Sends messages of one topic with the same headers, in their order, by librdkafka. @param more options of kcat */
export async function send(
  port: number,
  messages: readonly SentMessage[],
  more: readonly string[] = [],
): Promise<void> {
  const [first] = messages;
  if (first === undefined) return;
  const headers = Object.entries(first.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const isKeyed = first.key !== undefined;
  const lines = messages.map(({ key, value }) => `${isKeyed ? `${key}${KEY_END}` : ''}${value}\n`);
  // -Z: an empty line is a message without a value.
  await kcat(
    ['-P', '-Z', ...(isKeyed ? ['-K', KEY_END] : []), '-t', first.topic, ...headers, ...more],
    port,
    lines.join(''),
  );
}

/** All that a topic holds now, the partitions one after the other. */
export async function contentOf(port: number, topic: string): Promise<SeenMessage[]> {
  const lines = await kcat(['-C', '-e', '-q', '-J', '-o', 'beginning', '-t', topic], port, '');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SeenMessage);
}

async function kcat(args: readonly string[], port: number, input: string): Promise<string> {
  const child = spawn('kcat', ['-b', `127.0.0.1:${port}`, ...args], { stdio: 'pipe' });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (complaint += String(chunk)));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`kcat ${args.join(' ')}: ${complaint}`);
  return output;
}
