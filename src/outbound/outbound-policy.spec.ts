import { describe, expect, it } from '@jest/globals';
import { OutboundPolicy, OutboundRefusedError, pinnedLookup } from './outbound-policy.js';
import { parseOutboundRules } from './outbound-rules.js';

/** A policy for a world in which every name has the addresses given. */
function policy(allow = '', deny = '', addresses: string[] = []): OutboundPolicy {
  const rules = [parseOutboundRules(allow), parseOutboundRules(deny)] as const;
  return new OutboundPolicy(
    ...rules,
    async () => addresses,
    () => ['198.51.99.9'],
  );
}

const INTERNAL = [
  ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '0'],
  ...['224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1', '240.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1'],
  ...[
    '::1',
    '::',
    'fc00::1',
    'fe80::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
  ],
  ...['2001:db8::1', '::127.0.0.1', '168.63.129.16', '198.51.99.9'],
];

describe('OutboundPolicy', () => {
  it.each(INTERNAL)('refuses %s', async (address) => {
    await expect(policy().resolve(address, 80)).rejects.toThrow(OutboundRefusedError);
  });

  it.each(['8.8.8.8', '2606:4700:4700::1111', '134744072'])('allows %s', async (address) => {
    expect((await policy().resolve(address, 80)).addresses).toHaveLength(1);
  });

  it('refuses a name as soon as one of its addresses is internal', async () => {
    await expect(policy('', '', ['8.8.8.8', '10.0.0.1']).resolve('a.example', 80)).rejects.toThrow('private');
  });

  it('allows what is allowed by name, network and port', async () => {
    expect((await policy('cam.local:554', '', ['10.0.0.1']).resolve('Cam.Local.', 554)).host).toBe('cam.local');
    await expect(policy('cam.local:554', '', ['10.0.0.1']).resolve('cam.local', 80)).rejects.toThrow();
    expect((await policy('10.0.0.0/8').resolve('10.9.9.9', 80)).addresses[0]?.address).toBe('10.9.9.9');
  });

  it('denies what is denied even if it is allowed', async () => {
    await expect(policy('10.0.0.0/8', '10.0.0.5').resolve('10.0.0.5', 80)).rejects.toThrow('denied');
    await expect(policy('', '*:25').resolve('8.8.8.8', 25)).rejects.toThrow('denied');
    await expect(policy('168.63.129.16').resolve('168.63.129.16', 80)).rejects.toThrow('denied');
  });

  it('refuses a name without address', async () => {
    await expect(policy().resolve('a.example', 80)).rejects.toThrow('has no address');
  });

  it.each([
    'ftp://8.8.8.8/',
    'file:///etc/passwd',
    'nonsense',
    'http://127.1/',
    'http://[::ffff:127.0.0.1]/',
    'data:,x',
  ])('refuses the URL %s without a look-up', (url) =>
    expect(() => policy().checkUrl(url)).toThrow(OutboundRefusedError),
  );

  it('accepts a URL of a public host', () => {
    expect(policy().checkUrl('https://cam.example:8443/a.m3u8?token=x').hostname).toBe('cam.example');
  });

  it('never quotes a path or a query', () => {
    expect(() => policy().checkUrl('http://10.0.0.1/secret?token=hush')).toThrow(/^10\.0\.0\.1: /);
    expect(() => policy().checkUrl('http://10.0.0.1/secret?token=hush')).not.toThrow(/secret|hush/);
  });
});

describe('pinnedLookup', () => {
  const target = { host: 'a', port: 1, addresses: [{ address: '8.8.8.8', family: 4 as const }] };

  it('answers with the addresses that were checked, in both forms', () => {
    const answers: unknown[] = [];
    const lookup = pinnedLookup(target);
    lookup('other.example', { all: true }, (_error, found) => answers.push(found));
    lookup('other.example', {}, (_error, address, family) => answers.push([address, family]));
    expect(answers).toEqual([[{ address: '8.8.8.8', family: 4 }], ['8.8.8.8', 4]]);
  });
});
