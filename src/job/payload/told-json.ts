/** What a text that an operator wrote comes to, or what is wrong with it. */
export type ToldJson = { readonly value: unknown } | { readonly problem: string };

/** Reads JSON that may hold secrets: the parser's own words may repeat a piece of it, so that only the place is told. */
export function readToldJson(text: string): ToldJson {
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch (error) {
    return { problem: `It is not JSON${placeOf(error instanceof Error ? error.message : '', text)}.` };
  }
}

function placeOf(words: string, text: string): string {
  const position = /at position (\d+)/.exec(words)?.[1];
  if (position === undefined) return words.includes('end of JSON') ? ': it ends too early' : '';
  return `: line ${text.slice(0, Number(position)).split('\n').length} cannot be read`;
}
