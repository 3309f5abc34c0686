import { describe, expect, it } from '@jest/globals';
import { captureError } from '../ending/capture-errors.js';
import { explain } from '../ending/explain.js';
import { OutboundRefusedError } from '../../outbound/outbound-policy.js';
import { ProxyWitness } from './proxy-witness.js';

describe('what the proxy saw of a session that goes on for days', () => {
  it('no longer explains an end once it is forgiven; use is still counted', () => {
    const witness = new ProxyWitness();
    witness.sawRequest();
    witness.sawBytes(10);
    witness.sawStatus(503, '7');
    witness.sawRefusal(new OutboundRefusedError('10.0.0.1', 'is private'));
    const end = captureError('HLS_ENDED');
    expect(explain(end, witness.report())).toMatchObject({ code: 'URL_NOT_ALLOWED' });
    witness.forgive();
    expect(witness.report()).toMatchObject({
      requests: 1,
      bytes: 10,
      lastErrorStatus: null,
      refusals: [],
      statuses: {},
    });
    expect(explain(end, { ...witness.report(), playlists: 1 })).toBe(end);
  });
});
