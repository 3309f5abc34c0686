import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

let service: Service | undefined;
const { server } = useRedis({ endFirst: () => service?.stop() });
const folder = useFolder('packed', 'suite');
let home: string;

beforeAll(async () => {
  const { stdout } = await run('bash', ['scripts/pack.sh'], { cwd: ROOT });
  home = folder.at('unpacked');
  await mkdir(home);
  await run('tar', ['xzf', join(ROOT, stdout.trim()), '--strip-components=1', '-C', home]);
  await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home });
  await run(process.execPath, ['scripts/lean-modules.mjs'], { cwd: home });
}, 300_000);
afterAll(() => service?.stop());

it('starts from what is packed, with its page and its model, and without tests or tools', async () => {
  service = await Service.start({ REDIS_URL: server.url }, { main: join(home, 'dist/src/main.js') });
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  expect(await (await fetch(`${service.url}/ui/`)).text()).toContain('<title>');
  expect((await fetch(`${service.url}/api/v1/damage-detection/health`)).status).toBe(200);
  expect(existsSync(join(home, 'node_modules/typescript'))).toBe(false);
});

it('brings the tools of the command line', async () => {
  const { stdout } = await run(process.execPath, [join(home, 'dist/src/cli/main.js'), '--help'], { cwd: home });
  expect(stdout).toContain('doctor');
});
