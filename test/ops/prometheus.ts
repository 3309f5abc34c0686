import { writeFile } from 'node:fs/promises';
import { freePort } from '../support/redis-server.js';
import type { UsedFolder } from '../support/use-folder.js';
import { HttpProgram } from './tools.js';

/**
 * A Prometheus that looks at one service, every second.
 * @param folder for what it writes
 * @param rules files with alerts
 */
export async function startPrometheus(
  folder: UsedFolder,
  serviceUrl: string,
  rules: readonly string[] = [],
): Promise<HttpProgram> {
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: rules,
    scrape_configs: [{ job_name: 'roadstream', static_configs: [{ targets: [new URL(serviceUrl).host] }] }],
  };
  // JSON is YAML, too.
  await writeFile(folder.at('prometheus.yml'), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  return HttpProgram.start(
    ...([`http://${address}`, '/-/ready', 'prometheus'] as const),
    ...[`--config.file=${folder.at('prometheus.yml')}`, `--storage.tsdb.path=${folder.at('data')}`],
    `--web.listen-address=${address}`,
  );
}
