const LONGEST = 4096;

/** What is wrong with a text that should be an http or https URL. `rule` goes on after "it" and repeats nothing of it. */
export interface UrlObjection {
  readonly code: 'BAD_FIELD' | 'URL_NOT_ALLOWED';
  readonly rule: string;
}

/**
 * Looks at the form only: whether the URL may be reached is for the outbound policy. Undefined when nothing is wrong.
 * @param example what such a URL looks like
 */
export function objectionToUrl(text: string, example: string): UrlObjection | undefined {
  if (text.length > LONGEST) return { code: 'BAD_FIELD', rule: `must not be longer than ${LONGEST} characters` };
  // URL parsers differ on white space and backslashes; what they could read in two ways is refused.
  if (/[\s\\]/.test(text) || !URL.canParse(text)) {
    return { code: 'BAD_FIELD', rule: `must be an absolute URL, such as ${example}` };
  }
  if (/^https?:\/\//i.test(text)) return undefined;
  return { code: 'URL_NOT_ALLOWED', rule: 'must be an http or https URL' };
}
