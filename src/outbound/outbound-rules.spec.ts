import { describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { matches, parseOutboundRules } from './outbound-rules.js';

function applies(rule: string, host: string, address: string, port: number): boolean {
  return parseOutboundRules(rule).some((each) => matches(each, host, ipaddr.process(address), port));
}

describe('parseOutboundRules', () => {
  it('reads an empty list', () => {
    expect(parseOutboundRules('')).toEqual([]);
    expect(parseOutboundRules(' , ')).toEqual([]);
  });

  it.each([
    ['127.0.0.1:8080', 'x', '127.0.0.1', 8080, true],
    ['127.0.0.1:8080', 'x', '127.0.0.1', 80, false],
    ['10.1.0.0/16', 'x', '10.1.255.1', 9, true],
    ['10.1.0.0/16', 'x', '10.2.0.1', 9, false],
    ['10.1.0.0/16:443', 'x', '10.1.0.1', 443, true],
    ['cam.local:554', 'cam.local', '10.0.0.1', 554, true],
    ['CAM.local', 'cam.local', '10.0.0.1', 1, true],
    ['cam.local', 'evil-cam.local', '10.0.0.1', 1, false],
    ['*.cams.example', 'a.cams.example', '10.0.0.1', 1, true],
    ['*.cams.example', 'cams.example', '10.0.0.1', 1, false],
    ['*:25', 'anything', '8.8.8.8', 25, true],
    ['fd00::/8', 'x', 'fd12::1', 1, true],
    ['[fd00::/8]:443', 'x', 'fd12::1', 80, false],
    ['[::1]:80', 'x', '::1', 80, true],
    ['::1', 'x', '::1', 80, true],
    ['10.0.0.0/8', 'x', '::ffff:10.0.0.1', 80, true],
    ['a.example, 10.0.0.1', 'x', '10.0.0.1', 80, true],
  ])('"%s" about %s at %s, port %d: %s', (rule, host, address, port, expected) => {
    expect(applies(rule, host, address, port)).toBe(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0', 'cam:0', 'cam:70000', 'http://cam', 'cam/path', 'a b', '300.1.1.1', '-cam'])(
    'refuses "%s" and says how to write it',
    (list) => expect(() => parseOutboundRules(list)).toThrow(/write a host, an address or a CIDR/),
  );

  it('names every entry that is wrong', () => {
    expect(() => parseOutboundRules('good.example, a b, 10.0.0.0/99')).toThrow(/"a b", "10.0.0.0\/99"/);
  });
});
