import { domainToASCII } from 'node:url';

const PARTS = /^(https?:\/\/(?:[^/?#@]*@)?)([^/?#:@]+)(.*)$/is;
const NOT_ASCII = /\P{ASCII}/u;

/**
 * A URL whose host is written as names are looked up: `http://bücher.example/` becomes `http://xn--bcher-kva.example/`. All else
 * stays as it is. ffmpeg asks for such a host letter by letter, in a request that no HTTP server reads.
 */
export function withAsciiHost(url: string): string {
  const [, before = '', host = '', after = ''] = PARTS.exec(url) ?? [];
  if (!NOT_ASCII.test(host)) return url;
  const ascii = domainToASCII(host);
  return ascii === '' ? url : `${before}${ascii}${after}`;
}

/** As {@link withAsciiHost}, for a `Location` header, of which Node makes one character for each byte. */
export function locationWithAsciiHost(location: string): string {
  if (!NOT_ASCII.test(location)) return location;
  return Buffer.from(withAsciiHost(Buffer.from(location, 'latin1').toString())).toString('latin1');
}
