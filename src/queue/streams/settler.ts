import type { JobResult } from '../../job/handler.js';
import type { Connection } from '../../redis/connection.js';
import type { ScriptArgument } from '../../redis/lua-scripts.js';
import type { RedisClock } from '../../redis/redis-clock.js';
import { deadLetterFields } from '../dead-letters/dead-letter-fields.js';
import {
  keyOf,
  type Deferral,
  type Delivery,
  type DiscardReport,
  type Settlement,
  type Standing,
} from '../job-queue.js';
import { deadCodesKey, heldKey, keysOf, settledKey, type LaneKeys } from '../lane-keys.js';
import { WAITING_CONSUMER } from '../names.js';
import { ENTRY_FIELD, enveloped, toStanding } from '../replies.js';
import { noteArguments, noteKeys, type JobNote } from '../status/job-note.js';
import { runScript, type ScriptName } from '../scripts.js';
import { resultsKeptMs, type RedisQueueSettings } from '../settings.js';
import { Acknowledger } from './acknowledger.js';
import { digestOf } from './digest.js';
import type { ConsumerGroup } from './group.js';

const SETTLEMENTS = { ours: 'settled', gone: 'gone', others: 'lost' } as const;

/** Settles deliveries: each script looks first whose the delivery is, and does all it does or nothing. */
export class Settler {
  private readonly acknowledger: Acknowledger;

  constructor(
    private readonly commands: Connection,
    private readonly group: ConsumerGroup,
    private readonly lanes: readonly LaneKeys[],
    private readonly settings: RedisQueueSettings,
    private readonly clock: RedisClock,
  ) {
    this.acknowledger = new Acknowledger({
      batch: (deliveries) => this.acknowledgeOurs(deliveries),
      one: (delivery) => this.settle('acknowledge', delivery),
    });
  }

  /** Sends now what was gathered to be acknowledged together. */
  flush(): void {
    this.acknowledger.flush();
  }

  /** Acknowledges it, with its result if there is one. */
  complete(delivery: Delivery, result?: JobResult, note?: JobNote): Promise<Settlement> {
    const { names } = this.settings;
    if (result !== undefined && names.results !== undefined)
      return this.settle(
        'publish',
        delivery,
        [names.results],
        [resultsKeptMs(this.settings), ...resultOf(delivery, result)],
        note,
      );
    return note === undefined
      ? this.acknowledger.complete(delivery)
      : this.settle('acknowledge', delivery, [], [], note);
  }

  /** Lets it wait, and come again. */
  async defer(delivery: Delivery, { delayMs, spent, waitsFor }: Deferral, note?: JobNote): Promise<Settlement> {
    const { names, visibilityMs } = this.settings;
    const { lane } = delivery;
    const spentDeliveries = spent ? delivery.deliveries : delivery.deliveries - 1;
    const count = Math.max(0, spentDeliveries - delivery.carried);
    const held = waitsFor === undefined ? lane : heldKey(lane, names.group, waitsFor);
    const again = delivery.payload.length === 0 ? [] : enveloped(delivery, spentDeliveries);
    const args = [WAITING_CONSUMER, Math.max(0, Math.round(delayMs)), visibilityMs, count, ...again];
    return this.settle('defer', delivery, [keysOf(this.lanes, lane).waiting, held], args, note);
  }

  /** Moves it to the dead-letter stream, and tells its end in the results. */
  async discard(delivery: Delivery, report: DiscardReport, note?: JobNote): Promise<Settlement> {
    const { names } = this.settings;
    const letter = deadLetterFields(delivery, report, this.settings.consumer, this.clock.now());
    const result = report.result === undefined ? [] : resultOf(delivery, report.result);
    const keys = [names.dlq, (result.length === 0 ? undefined : names.results) ?? names.dlq, deadCodesKey(names)];
    return this.settle(
      'discard',
      delivery,
      keys,
      [resultsKeptMs(this.settings), result.length, ...result, ...letter],
      note,
    );
  }

  /** Tells clients how it goes on. On the connection that settles: what is told here is never overtaken. */
  async tell({ lane, entryId }: Delivery, note: JobNote): Promise<void> {
    const who = [this.settings.names.group, this.settings.consumer, entryId];
    const args = [...who, ...noteArguments(note, this.settings.statusKeepMs)];
    await runScript(this.commands, 'tell', [lane, ...noteKeys(this.main, note)], args);
  }

  /** Whose a delivery is now. */
  async standing(delivery: Delivery): Promise<Standing> {
    const count = Math.max(1, delivery.deliveries - delivery.carried);
    return toStanding(await this.askOf('ownership', delivery, [], [count]));
  }

  private async settle(
    name: 'acknowledge' | 'defer' | 'discard' | 'publish',
    delivery: Delivery,
    keys: readonly string[] = [],
    args: readonly ScriptArgument[] = [],
    note?: JobNote,
  ): Promise<Settlement> {
    const reply =
      note === undefined
        ? this.askOf(name, delivery, keys, args)
        : this.askOf(`told_${name}`, delivery, ...this.withNote(keys, args, note));
    return SETTLEMENTS[toStanding(await reply)];
  }

  private withNote(
    keys: readonly string[],
    args: readonly ScriptArgument[],
    note: JobNote,
  ): [keys: string[], args: ScriptArgument[]] {
    return [
      [...keys, ...noteKeys(this.main, note)],
      [...args, ...noteArguments(note, this.settings.statusKeepMs)],
    ];
  }

  private get main(): string {
    return this.settings.names.lanes.at(-1) as string;
  }

  /** Runs a script that begins with a look at whose a delivery is. */
  private askOf(
    name: ScriptName,
    delivery: Delivery,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    const { group } = this.settings.names;
    const { stream, record } = keysOf(this.lanes, delivery.lane);
    const settled = settledKey(stream, group, this.settings.consumer);
    const { entryId, life, number, payload } = delivery;
    const who = [group, this.settings.consumer, entryId, life, digestOf(payload), number];
    return this.group.with(() => runScript(this.commands, name, [stream, record, settled, ...keys], [...who, ...args]));
  }

  private async acknowledgeOurs(deliveries: readonly [Delivery, ...Delivery[]]): Promise<ReadonlySet<string>> {
    const { group } = this.settings.names;
    const [{ lane, life }] = deliveries;
    const { stream, record } = keysOf(this.lanes, lane);
    const keys = [stream, record, settledKey(stream, group, this.settings.consumer)];
    const args = [
      group,
      this.settings.consumer,
      life,
      ...deliveries.flatMap(({ entryId, number }) => [entryId, number]),
    ];
    const unclear = await this.group.with(() => runScript(this.commands, 'complete', keys, args));
    return new Set((unclear as Buffer[]).map((id) => id.toString('latin1')));
  }
}

/** The fields of a result, with the name of the entry that it is of. */
function resultOf(delivery: Delivery, result: JobResult): string[] {
  return [ENTRY_FIELD, keyOf(delivery), ...Object.entries(result).flat()];
}
