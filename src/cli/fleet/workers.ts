import { loadConfig } from '../../config/config.js';
import { readEnvironment } from '../../config/sources/environment.js';
import { InvalidJobError, TransientStepError } from '../../job/errors.js';
import { specsOf } from '../../kinds.js';
import { Link } from '../../redis/link.js';
import { CONCURRENCY_RANGE } from '../../worker/api/concurrency-range.js';
import { FleetBook, type KnownWorker, type WorkerOrder } from '../../worker/fleet/fleet-book.js';
import { Fleet } from '../../worker/fleet/fleet.js';
import { withQueue } from '../with-queue.js';

/** Which workers are meant where none is named. */
export interface WhichWorkers {
  all?: true;
  kind?: string;
}

/** Prints the workers that are there, one a line. */
export function listWorkers(kind?: string): Promise<void> {
  return withFleet(async (fleet) => {
    const workers = await fleet.list(kind);
    if (workers.length === 0) console.log('There is no worker.');
    for (const worker of workers) console.log(lineOf(worker));
  });
}

/** Prints one as JSON. */
export function showWorker(name: string): Promise<void> {
  return withFleet(async (fleet) => {
    const { report, at } = await known(fleet, name);
    console.log(JSON.stringify({ ...report, at: new Date(at).toISOString() }, undefined, 2));
  });
}

/** Changes how many jobs run at once. */
export function setWorkers(name: string | undefined, which: WhichWorkers, concurrency: string): Promise<void> {
  const { min, max } = CONCURRENCY_RANGE;
  const wanted = Number(concurrency);
  if (!Number.isInteger(wanted) || wanted < min || wanted > max)
    throw new InvalidJobError('BAD_FIELD', `--concurrency must be a whole number from ${min} to ${max}.`);
  return steer(name, which, { concurrency: wanted });
}

/** Has workers take no new job. */
export function pauseWorkers(name: string | undefined, which: WhichWorkers): Promise<void> {
  return steer(name, which, { paused: true });
}

/** Has workers take jobs again. */
export function resumeWorkers(name: string | undefined, which: WhichWorkers): Promise<void> {
  return steer(name, which, { paused: false });
}

/** Prints how the workers are once they have done so; fails when one does not say so in time. */
function steer(name: string | undefined, which: WhichWorkers, order: WorkerOrder): Promise<void> {
  if (name === undefined && which.all !== true && which.kind === undefined)
    throw new InvalidJobError('NOTHING_NAMED', 'Say which: a name, --kind <kind> or --all; "workers list" shows them.');
  return withFleet(async (fleet) => {
    const meant = name === undefined ? await fleet.list(which.kind) : [await known(fleet, name)];
    const { done, pending } = await fleet.steer(meant, order);
    for (const worker of done) console.log(lineOf(worker));
    if (pending.length > 0) throw notYet(pending.map(({ report }) => report.name));
  });
}

async function known(fleet: Fleet, name: string): Promise<KnownWorker> {
  const worker = await fleet.get(name);
  if (worker !== undefined) return worker;
  throw new InvalidJobError('NO_SUCH_WORKER', `There is no worker ${name}; "workers list" shows them.`);
}

function lineOf({ report }: KnownWorker): string {
  const { name, kind, state, inUse, limit, heldBackBecause } = report;
  return [name, kind, state, `${inUse}/${limit}`, heldBackBecause.join(' ')].join('  ').trimEnd();
}

function notYet(names: readonly string[]): TransientStepError {
  const sentence = `These did not say in time that they have done so: ${names.join(', ')}. They will, unless they are gone; "workers list" shows it.`;
  return new TransientStepError('NOT_DONE_YET', sentence);
}

function withFleet(work: (fleet: Fleet) => Promise<void>): Promise<void> {
  const config = loadConfig(readEnvironment());
  return withQueue(config, ({ connection }) => {
    const link = new Link(connection);
    const books = specsOf(config).map(({ kind, queue }) => new FleetBook(link, kind, queue.lanes.at(-1) as string));
    return work(new Fleet(books));
  });
}
