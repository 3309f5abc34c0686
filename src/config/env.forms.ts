import ipaddr from 'ipaddr.js';
import { parseOutboundRules } from '../capture/outbound-rules.js';
import { itemsOf } from './env.rules.js';

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

/** Keystone's address: version 3, and plain. */
export function isKeystoneUrl(text: string): boolean {
  return isPlainUrl(text) && !new URL(text).pathname.includes('/v2');
}

/** What one process may do. */
export const ROLES = ['inspect', 'assess', 'schedule'] as const;

/** At least one role, each a known one. */
export function isRoles(text: string): boolean {
  const roles = itemsOf(text);
  return roles.length > 0 && roles.every((role) => (ROLES as readonly string[]).includes(role));
}

/** What Swift takes as the name of a container. */
export function isContainerName(text: string): boolean {
  return /^[^/\p{C}]+$/u.test(text) && text !== '.' && text !== '..' && Buffer.byteLength(text) <= 256;
}

/** What a class of a damage model may be taken for; `-` for nothing. */
export function isDamageClass(word: string): boolean {
  return /^(D00|D10|D20|D40|crack|-)$/.test(word);
}
