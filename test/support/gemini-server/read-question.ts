import { badRequestError, fileForbiddenError } from './google-error.js';
import type { Asked, AskedMedia } from './question.js';
import { schemaProblem, type Schema } from './schema.js';
import { stateOf, type StoredFiles } from './stored-files.js';

/** Largest request with everything in it, bytes. */
const LARGEST_REQUEST = 100 * 1024 * 1024;

interface Part {
  readonly text?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
  readonly fileData?: { readonly mimeType: string; readonly fileUri: string };
}

interface Body {
  readonly contents?: readonly { readonly parts?: readonly Part[] }[];
  readonly generationConfig?: Readonly<Record<string, unknown>>;
}

/** Reads the body of a generateContent call as strictly as Google. @throws GoogleError */
export function readQuestion(
  text: string,
  caller: Pick<Asked, 'at' | 'key' | 'project' | 'model' | 'streamed'>,
  files: StoredFiles,
): Asked {
  if (text.length > LARGEST_REQUEST) throw badRequestError('Request payload size exceeds the limit.');
  const { contents = [], generationConfig: config = {} } = JSON.parse(text) as Body;
  const parts = contents.flatMap((content) => content.parts ?? []);
  if (parts.length === 0) throw badRequestError('contents is not specified');
  const schema = schemaOf(config);
  const prompt = parts.flatMap((part) => part.text ?? []).join('\n');
  return { ...caller, prompt, schema, config, media: parts.flatMap((part) => mediaOf(part, caller.project, files)) };
}

function schemaOf(config: Readonly<Record<string, unknown>>): Schema {
  const schema = (config['responseSchema'] ?? config['responseJsonSchema']) as Schema | undefined;
  if (schema === undefined) throw badRequestError('This stand-in answers questions with a response schema only.');
  if (config['responseMimeType'] !== 'application/json') {
    throw badRequestError('response_mime_type must be application/json when a response schema is set.');
  }
  const problem = config['responseSchema'] === undefined ? undefined : schemaProblem(schema);
  if (problem !== undefined) throw badRequestError(problem);
  return schema;
}

function mediaOf({ inlineData, fileData }: Part, project: string, files: StoredFiles): AskedMedia[] {
  if (inlineData !== undefined) {
    const { mimeType, data } = inlineData;
    return [{ kind: 'inline', mimeType, bytes: Buffer.from(data, 'base64') }];
  }
  if (fileData === undefined) return [];
  const name = /files\/[\w-]+$/.exec(fileData.fileUri)?.[0] ?? '';
  const file = files.find(name, project);
  if (file === undefined) throw fileForbiddenError(name);
  if (stateOf(file) !== 'ACTIVE') throw badRequestError(`The File ${name} is not in an ACTIVE state.`);
  return [{ kind: 'uploaded', mimeType: fileData.mimeType, file }];
}
