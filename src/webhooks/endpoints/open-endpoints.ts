import type { WebhookSettings } from '../webhook-settings.js';
import { Endpoints, URL_ENDPOINT, type Endpoint } from './endpoint.js';
import { readWebhooksFile } from './webhooks-file.js';

/**
 * Every endpoint that the settings describe.
 * @throws WebhooksFileError WEBHOOKS_FILE_UNREADABLE, WEBHOOKS_FILE_WRONG
 */
export async function openEndpoints({ file, url, secrets, variables }: WebhookSettings): Promise<Endpoints> {
  const ofFile = file === undefined ? [] : await readWebhooksFile(file, variables);
  const ofVariable: Endpoint[] =
    url === undefined
      ? []
      : [{ name: URL_ENDPOINT, url, addsJobId: true, secrets, events: undefined, cameras: undefined }];
  return new Endpoints([...ofFile, ...ofVariable], secrets);
}
