const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi;

/**
 * A URL without what may be secret: user info, query and fragment. What cannot be parsed becomes `<unreadable url>`.
 * `http://u:p@cam.example/a.m3u8?token=x` gives `http://cam.example/a.m3u8`.
 */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return '<unreadable url>';
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/** Any text with every URL in it redacted: what ffmpeg or a socket says often quotes the URL it was given. */
export function redactText(text: string): string {
  return text.replace(URL_IN_TEXT, redactUrl);
}
