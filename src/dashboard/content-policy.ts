/**
 * What the page may load, by Content-Security-Policy: its own files, its own calls, and pictures of the city's map if there is one.
 * Nothing inline, nothing from elsewhere, in nobody's frame.
 * @param tilesUrl where the tiles of the map come from; its origin alone is let in
 */
export function contentPolicy(tilesUrl: string | undefined): string {
  const tiles = tilesUrl === undefined ? '' : ` ${originOf(tilesUrl)}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${tiles}`,
    "media-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** Tiles may be spread over several hosts, as `{s}` in their address. */
function originOf(url: string): string {
  const [, scheme = '', host = ''] = /^(https?:\/\/)([^/?#]+)/.exec(url) ?? [];
  return scheme + host.replace(/^[^@]*@/, '').replace('{s}', '*');
}
