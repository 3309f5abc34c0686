/** A key that belongs to a stream and lies in its Cluster slot. */
export function derivedKey(stream: string, name: string): string {
  return `${hashTagged(stream)}:${name}`;
}

function hashTagged(stream: string): string {
  return /\{[^}]+\}/.test(stream) ? stream : `{${stream}}`;
}
