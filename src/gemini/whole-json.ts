/** Beginnings that are tried: more are no answer with something around it. */
const MOST_TRIES = 50;

/**
 * The JSON in a model's text. Models put it into a code fence, say it twice, or leave a piece of something behind it: the first
 * whole object that has what the schema requires is the answer, since asking again costs as much.
 * @returns undefined when there is no JSON in it
 */
export function wholeJson(text: string, schema: object): unknown {
  const plain = parsed(text.replace(/^\uFEFF/, '').trim());
  if (plain !== undefined && fits(plain, schema)) return plain;
  let from = text.indexOf('{');
  for (let tries = 0; from >= 0 && tries < MOST_TRIES; tries += 1) {
    const end = endOfObject(text, from);
    const value = end === undefined ? undefined : parsed(text.slice(from, end));
    if (value !== undefined && fits(value, schema)) return value;
    // What was whole is passed over with all that is in it.
    from = text.indexOf('{', value === undefined ? from + 1 : end);
  }
  // JSON of another shape is told apart from none.
  return plain;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether an object has every property that the schema requires; what they hold is looked at by who asked. */
function fits(value: unknown, schema: { required?: readonly string[] }): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return (schema.required ?? []).every((name) => Object.hasOwn(value, name));
}

/** Behind the brace that closes the one at `from`. */
function endOfObject(text: string, from: number): number | undefined {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  tokens.lastIndex = from;
  let depth = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '{') depth += 1;
    if (token[0] === '}') depth -= 1;
    if (depth === 0) return tokens.lastIndex;
  }
  return undefined;
}
