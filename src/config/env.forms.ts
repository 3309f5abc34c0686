import ipaddr from 'ipaddr.js';

/** One Redis, or several behind Sentinel or in a cluster: `redis+sentinel://a:26379,b:26379/master-name`. */
export const REDIS_URL_FORM = /^rediss?(?:\+(?:sentinel|cluster))?:\/\/[^\s/]+(?:\/\S*)?$/;

/** Path segments that stay below where they start; a lone `/` stands for no prefix at all. */
export const PREFIX_FORM = /^(?:\/|(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[\w.~/-]{1,200})$/;

const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*\.?$/i;
const PORT_SUFFIX = /:(\d{1,5})$/;

/** A host, `*.host`, address or CIDR; each with `:port` if wanted (IPv6 in brackets then); or `:port` alone. */
export function isOutboundRule(rule: string): boolean {
  const port = PORT_SUFFIX.exec(rule)?.[1];
  const isBareIpv6 = ipaddr.IPv6.isValid(rule) || ipaddr.IPv6.isValidCIDR(rule);
  if (isBareIpv6 || port === undefined) return isHostOrRange(rule);
  const host = rule.slice(0, -port.length - 1);
  return Number(port) >= 1 && Number(port) <= 65535 && (host === '' || isHostOrRange(host.replace(/^\[(.+)\]/, '$1')));
}

function isHostOrRange(text: string): boolean {
  if (ipaddr.isValidCIDR(text) || ipaddr.IPv6.isValid(text)) return true;
  // Digits and dots only are meant as an address, and must be a whole one.
  return /^[\d.]+$/.test(text) ? ipaddr.IPv4.isValidFourPartDecimal(text) : HOST.test(text);
}

/** What Express may trust: nobody, a number of hops, or addresses. `true` would let any client claim to be local. */
export function isTrustProxy(text: string): boolean {
  if (text === 'false' || /^[0-9]$/.test(text)) return true;
  const named = ['loopback', 'linklocal', 'uniquelocal'];
  return text
    .split(',')
    .every((item) => named.includes(item.trim()) || ipaddr.isValid(item.trim()) || ipaddr.isValidCIDR(item.trim()));
}
