import { spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { ROOT } from '../../demo/places.js';
import { itWith, ran } from '../ops/tools.js';
import { useFolder } from '../support/use-folder.js';

/** A checkout whose settings are those of the example. */
const checkout = useFolder('compose', 'suite');

const itChecks = itWith('docker-compose', 'docker-compose');

interface Service {
  environment?: Record<string, string>;
  stop_grace_period?: string;
  read_only?: boolean;
  cap_drop?: string[];
  ports?: string[];
}

describe('ops/compose.yaml', () => {
  beforeAll(async () => {
    await cp(`${ROOT}/ops`, checkout.at('ops'), { recursive: true });
    await cp(`${ROOT}/.env.example`, checkout.at('.env'));
  });

  itChecks('is what compose can read, with a service for each role, and with the monitoring of its profile', () => {
    const services = read(['--profile', 'monitoring']);
    expect(Object.keys(services).sort()).toEqual(
      ['alertmanager', 'api', 'background', 'grafana', 'prometheus', 'redis', 'redis-exporter', 'worker'].sort(),
    );
    const roles = ['api', 'worker', 'background'].map((name) => services[name]?.environment?.['ROLES']);
    expect(roles).toEqual(['api', 'inspect,assess', 'schedule,relay']);
  });

  itChecks('gives processes more time than they take to stop, and no rights that they do not need', () => {
    const services = read([]);
    for (const name of ['api', 'worker', 'background']) {
      expect(services[name]).toMatchObject({ stop_grace_period: '40s', read_only: true, cap_drop: ['ALL'] });
    }
  });

  itChecks('opens ports on this machine only', () => {
    const ports = Object.values(read(['--profile', 'monitoring'])).flatMap((service) => service.ports ?? []);
    expect(ports).not.toEqual([]);
    for (const port of ports) expect(JSON.stringify(port)).toContain('127.0.0.1');
  });

  it('scrapes by a file that Prometheus can read', () => {
    expect(ran('promtool', 'check', 'config', '--syntax-only', `${ROOT}/ops/compose/prometheus.yml`)).toMatchObject({
      ok: true,
    });
  });
});

/** As compose understands it. */
function read(options: string[]): Record<string, Service> {
  const file = checkout.at('ops', 'compose.yaml');
  const { status, stdout, stderr } = spawnSync(
    'docker-compose',
    ['-p', 'roadstream', '-f', file, ...options, 'config'],
    {
      encoding: 'utf8',
    },
  );
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return (load(stdout) as { services: Record<string, Service> }).services;
}
