import { describe, expect, it } from '@jest/globals';
import { LibraryMissingError, loadLibrary } from './optional-library.js';

const LIBRARY = { name: '@aws-sdk/client-sqs', range: '^3', variable: 'SQS_QUEUE_URL' };
/** As a variable: the compiler would look for it. */
const NOT_THERE = ['@roadstream', 'not-there'].join('/');

describe('a library that need not be installed', () => {
  it('is given when it is', async () => {
    expect(await loadLibrary(LIBRARY, async () => ({ is: 'there' }))).toEqual({ is: 'there' });
  });

  it('is named with the setting that asks for it and with the command that installs it when it is not', async () => {
    const loading = loadLibrary(LIBRARY, () => import(NOT_THERE));
    await expect(loading).rejects.toThrow(LibraryMissingError);
    await expect(loading).rejects.toThrow(
      'SQS_QUEUE_URL is set, but the package @aws-sdk/client-sqs is not installed: npm install --no-save --save-prod @aws-sdk/client-sqs@^3',
    );
    await expect(loading).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  it('says as it is what else goes wrong while it is loaded', async () => {
    const loading = loadLibrary(LIBRARY, () => Promise.reject(new SyntaxError('Unexpected token')));
    await expect(loading).rejects.toThrow('Unexpected token');
  });
});
