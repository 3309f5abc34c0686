/** The fields of a stream entry, by name. */
export function toFields(flat: readonly (Buffer | string)[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
  return fields;
}
