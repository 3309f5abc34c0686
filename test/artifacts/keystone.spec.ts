import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SwiftSettings } from '../../src/artifacts/swift/swift.settings.js';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import { FakeSwift } from '../support/fake-swift.js';

const NEVER = new AbortController().signal;
const TEXT = { contentType: 'text/plain', source: () => Buffer.from('text') };

describe('a login at Keystone', () => {
  let fake: FakeSwift;
  beforeEach(async () => {
    fake = await FakeSwift.start();
  });
  afterEach(() => fake.stop());

  const put = (changes: Partial<SwiftSettings>) =>
    new SwiftArtifactStore({ ...fake.settings('c'), ...changes }).put('x', TEXT, NEVER);
  const user = { name: 'user', domain: { name: 'Default' } };

  it.each<[string, Partial<SwiftSettings>, object]>([
    [
      'names and a password',
      {},
      {
        identity: { methods: ['password'], password: { user: { ...user, password: 'password' } } },
        scope: { project: { name: 'project', domain: { name: 'Default' } } },
      },
    ],
    [
      'ids and a password',
      { userId: 'u', projectId: 'p' },
      {
        identity: { methods: ['password'], password: { user: { id: 'u', password: 'password' } } },
        scope: { project: { id: 'p' } },
      },
    ],
    [
      'names in domains by id',
      { userDomainId: 'du', projectDomainId: 'dp' },
      {
        identity: {
          methods: ['password'],
          password: { user: { name: 'user', domain: { id: 'du' }, password: 'password' } },
        },
        scope: { project: { name: 'project', domain: { id: 'dp' } } },
      },
    ],
    [
      'an application credential by its id',
      { applicationCredential: { id: 'i', name: undefined, secret: 's' } },
      { identity: { methods: ['application_credential'], application_credential: { id: 'i', secret: 's' } } },
    ],
    [
      'an application credential by its name',
      { applicationCredential: { id: undefined, name: 'n', secret: 's' } },
      { identity: { methods: ['application_credential'], application_credential: { name: 'n', user, secret: 's' } } },
    ],
  ])('is made with %s', async (_what, changes, expected) => {
    await put(changes);
    expect(fake.logins).toEqual([expected]);
  });

  it('leads to the address that is chosen, or names those that there are', async () => {
    fake.interfaces = { internal: '/v1/AUTH_fake', admin: '/elsewhere' };
    await put({ interface: 'internal' });
    expect([...fake.objects.keys()]).toEqual(['c/x']);
    await expect(put({})).rejects.toMatchObject({
      code: 'SWIFT_REGION',
      message: expect.stringContaining('Set OS_INTERFACE to one that it has: admin, internal'),
    });
  });

  it('that is refused names the application credential, not its secret', async () => {
    fake.refuses = 401;
    const refused = put({ applicationCredential: { id: 'i-1', name: undefined, secret: 'hush' } });
    const message = await refused.catch((error: unknown) => (error as Error).message);
    expect(message).toMatch(/application credential "i-1".*OS_APPLICATION_CREDENTIAL_SECRET/);
    expect(message).not.toContain('hush');
  });
});
