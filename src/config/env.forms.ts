import ipaddr from 'ipaddr.js';
import { parseOutboundRules } from '../outbound/outbound-rules.js';
import { itemsOf } from './table/rows.js';

/** Path segments that stay below where they start; a lone `/` stands for no prefix at all. */
export const PREFIX_FORM = /^(?:\/|(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[\w.~/-]{1,200})$/;

/** The reader that the outbound policy itself goes by says whether a list of rules can be read. */
export function isOutboundRules(list: string): boolean {
  try {
    parseOutboundRules(list);
    return true;
  } catch {
    return false;
  }
}

/** What Express may trust: nobody, a number of hops, or addresses. `true` would let any client claim to be local. */
export function isTrustProxy(text: string): boolean {
  if (text === 'false' || /^[0-9]$/.test(text)) return true;
  const named = ['loopback', 'linklocal', 'uniquelocal'];
  return text
    .split(',')
    .every((item) => named.includes(item.trim()) || ipaddr.isValid(item.trim()) || ipaddr.isValidCIDR(item.trim()));
}

/** An http or https URL with nothing secret in it, since it is shown in messages. */
export function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && [username, password, search, hash].every((part) => part === '');
}

/** Headers of HTTP as `name=value`, with commas between them. A value holds what may be sent, once it is decoded. */
export function areHeaders(text: string): boolean {
  return itemsOf(text).every((item) => {
    const [, value] = /^[\w!#$%&'*+.^`|~-]+\s*=(.+)$/.exec(item) ?? [];
    return value !== undefined && isHeaderValue(value);
  });
}

function isHeaderValue(encoded: string): boolean {
  try {
    return /^[\t\x20-\x7e]+$/.test(decodeURIComponent(encoded.trim()));
  } catch {
    return false;
  }
}

/** An address of a queue of SQS, with its name as the last part. */
export function isQueueUrl(text: string): boolean {
  return isPlainUrl(text) && /\/[\w-]{1,75}(?:\.fifo)?$/.test(new URL(text).pathname);
}

/** Keystone's address: version 3, and plain. */
export function isKeystoneUrl(text: string): boolean {
  return isPlainUrl(text) && !new URL(text).pathname.includes('/v2');
}

/** What one process may do. */
export const ROLES = ['inspect', 'assess', 'schedule', 'relay', 'api'] as const;

/** At least one role, each a known one. */
export function isRoles(text: string): boolean {
  const roles = itemsOf(text);
  return roles.length > 0 && roles.every((role) => (ROLES as readonly string[]).includes(role));
}

/** What Swift takes as the name of a container. */
export function isContainerName(text: string): boolean {
  return /^[^/\p{C}]+$/u.test(text) && text !== '.' && text !== '..' && Buffer.byteLength(text) <= 256;
}

/** What S3 stores take as the name of a bucket; AWS itself is stricter. */
export const BUCKET_FORM = /^[A-Za-z0-9][\w.-]{1,253}[A-Za-z0-9]$/;

/** `key=value`, as S3 takes a tag. */
export const TAG_FORM = /^[\w.:/@+-]{1,128}=[\w.:/@+-]{0,256}$/;

/** What a class of a damage model may be taken for; `-` for nothing. */
export function isDamageClass(word: string): boolean {
  return /^(D00|D10|D20|D40|crack|damage|-)$/.test(word);
}

/** Words that stand in examples, and so in every list of guesses. */
const GUESSED =
  /^(?:change.?me|replace.?me|your|secret|password|passwd|token|control|admin|default|example|test|1234567890|[._-])+$/i;
const FEWEST_DIFFERENT = 6;

/** A token that is not soon guessed: long enough, no example, not one letter over and over. */
export function isStrongToken(token: string): boolean {
  return /^\S{16,1000}$/.test(token) && new Set(token).size >= FEWEST_DIFFERENT && !GUESSED.test(token);
}

/** What a person may do, the least first. */
export const PERSON_ROLES = ['viewer', 'inspector', 'operator'] as const;

/** `group=role`. */
export function isGroupRole(text: string): boolean {
  const [, role] = /^[^=]{1,100}=(\w+)$/.exec(text) ?? [];
  return (PERSON_ROLES as readonly (string | undefined)[]).includes(role);
}

/** An address, or a network of some; not all there are. */
export function isNetwork(text: string): boolean {
  return ipaddr.isValid(text) || (ipaddr.isValidCIDR(text) && !text.endsWith('/0'));
}

/** Headers that clients send as well. */
const NOT_OF_PROXIES = ['authorization', 'cookie', 'host', 'origin', 'user-agent', 'accept'];

/** The name of a header that a proxy may add. */
export function isHeaderName(text: string): boolean {
  return /^[a-z\d][a-z\d-]{0,63}$/i.test(text) && !NOT_OF_PROXIES.includes(text.toLowerCase());
}

/** A host name, or `*.` and the name of a domain. */
export function isHostPattern(text: string): boolean {
  return /^(?:\*\.)?[a-z\d_](?:[\w-]*[a-z\d])?(?:\.[a-z\d](?:[\w-]*[a-z\d])?)*$/i.test(text);
}

/** `host:port`; an IPv6 address in brackets. */
export function isBroker(text: string): boolean {
  const [, port] = /^(?:[\w.-]{1,255}|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(text) ?? [];
  return port !== undefined && Number(port) > 0 && Number(port) < 65_536;
}

/** What Kafka takes as the name of a topic. */
export function isTopic(text: string): boolean {
  return /^[\w.-]{1,249}$/.test(text) && !/^(?:\.{1,2}|-)$/.test(text);
}

/** The same, or `-` for none. */
export function isTopicOrNone(text: string): boolean {
  return text === '-' || isTopic(text);
}
