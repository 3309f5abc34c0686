import { computed, signal } from '@preact/signals';
import { get, send, type ApiError } from '../../api.js';
import { TO_REVIEW, type Decision, type Finding } from './finding.js';
import type { LiveEvent } from '../../live.js';
import { asApiError } from '../../resource.js';

/** What the keys mean at the moment: a look, or the choice of an answer or a reason. */
export type Mode = 'look' | 'accept' | 'reject';

/** Read at a time; when these are done the next ones are read. */
const PAGE = 50;
/** Reviews that can be taken back, one after the other. */
const MOST_UNDONE = 50;

type Filter = Readonly<Record<string, string | undefined>>;

/** The findings that are to be looked at, one at a time, and what a person says of them. */
export class Inbox {
  readonly queue = signal<readonly Finding[] | undefined>(undefined);
  readonly at = signal(0);
  readonly current = computed(() => this.queue.value?.[this.at.value]);
  readonly mode = signal<Mode>('look');
  readonly note = signal('');
  readonly isBusy = signal(false);
  readonly error = signal<ApiError | undefined>(undefined);
  /** What somebody else has said of the finding that is shown. */
  readonly conflict = signal<Finding | undefined>(undefined);
  /** Somebody else has reviewed what was shown; it is gone. */
  readonly taken = signal<string | undefined>(undefined);
  readonly undoable = signal<readonly { readonly id: string; readonly version: number }[]>([]);

  constructor(private readonly filter: Filter) {}

  /** Reads what is to be looked at. @param first this one comes before all others */
  async load(first?: string): Promise<void> {
    await this.calling(async () => {
      const items = await this.read();
      const chosen = first === undefined ? [] : [await get<Finding>(`findings/${encodeURIComponent(first)}`)];
      this.queue.value = [...chosen, ...items.filter(({ id }) => id !== first)];
      this.go(0);
    });
  }

  /** Reads again what is to be looked at, and leaves people where they are: the finding, the choice they began, their note. */
  async refresh(): Promise<void> {
    if (this.queue.value === undefined) return;
    try {
      const items = await this.read();
      const shown = this.current.value;
      const place = items.findIndex(({ id }) => id === shown?.id);
      this.queue.value = shown !== undefined && place === -1 ? [shown, ...items] : items;
      this.at.value = Math.max(0, place);
    } catch (problem) {
      this.error.value = asApiError(problem);
    }
  }

  /** Goes to another one, without saying anything of this one. */
  move(by: 1 | -1): void {
    this.go(this.at.value + by);
  }

  /** Says what the finding is, and goes on. */
  async decide(decision: Decision): Promise<void> {
    const finding = this.current.value;
    if (finding === undefined || this.isBusy.value) return;
    const note = this.note.value.trim();
    const body = { ...decision, ...(note === '' ? {} : { note }), version: finding.version };
    await this.calling(async () => {
      const { id, version } = await send<Finding>('POST', `findings/${encodeURIComponent(finding.id)}/review`, body);
      this.undoable.value = [...this.undoable.value.slice(1 - MOST_UNDONE), { id, version }];
      this.drop(id);
    });
    if (this.queue.value?.length === 0) await this.load();
  }

  /** Takes the last decision back, and shows that finding again. */
  async undo(): Promise<void> {
    const last = this.undoable.value.at(-1);
    if (last === undefined || this.isBusy.value) return;
    const { id, version } = last;
    await this.calling(async () => {
      const finding = await send<Finding>('POST', `findings/${encodeURIComponent(id)}/undo`, { version });
      this.undoable.value = this.undoable.value.slice(0, -1);
      this.queue.value = [finding, ...(this.queue.value ?? []).filter((each) => each.id !== id)];
      this.go(0);
    });
  }

  /** Somebody has changed a finding: what needs no look any more leaves the inbox. */
  hear({ data }: LiveEvent): void {
    const { id, state } = data;
    if (typeof id !== 'string' || TO_REVIEW.includes(String(state))) return;
    const isShown = this.current.value?.id === id;
    // Our own answer, or that we came too late, says more.
    if (isShown && (this.isBusy.value || this.conflict.value !== undefined)) return;
    if (this.queue.value?.some((each) => each.id === id) !== true) return;
    this.drop(id);
    if (isShown) this.taken.value = id;
  }

  /** Without what is gone, and what was decided here while it was read. */
  private async read(): Promise<Finding[]> {
    const asked = { state: TO_REVIEW.join(), limit: PAGE, ...this.filter };
    const { items } = await get<{ items: Finding[] }>('findings', asked);
    const isDone = ({ id, version }: Finding): boolean =>
      this.undoable.value.some((own) => own.id === id && own.version >= version);
    return items.filter((finding) => finding.goneSince === null && !isDone(finding));
  }

  private go(to: number): void {
    const last = Math.max(0, (this.queue.value?.length ?? 0) - 1);
    this.at.value = Math.min(Math.max(0, to), last);
    this.mode.value = 'look';
    this.note.value = '';
    this.conflict.value = undefined;
    this.taken.value = undefined;
    this.error.value = undefined;
  }

  private drop(id: string): void {
    const queue = this.queue.value ?? [];
    const place = queue.findIndex((each) => each.id === id);
    if (place === -1) return;
    const isShown = place === this.at.value;
    this.queue.value = queue.filter((each) => each.id !== id);
    if (isShown) this.go(place);
    else if (place < this.at.value) this.at.value -= 1;
  }

  private async calling(work: () => Promise<void>): Promise<void> {
    this.isBusy.value = true;
    this.error.value = undefined;
    try {
      await work();
    } catch (problem) {
      this.fail(asApiError(problem));
    } finally {
      this.isBusy.value = false;
    }
  }

  /** Who came too late sees what the other one said, and may say otherwise. */
  private fail(error: ApiError): void {
    const current = error.code === 'REVIEW_CHANGED' ? (error.body['current'] as Finding | undefined) : undefined;
    if (current === undefined) {
      this.error.value = error;
      return;
    }
    this.conflict.value = current;
    this.mode.value = 'look';
    this.queue.value = (this.queue.value ?? []).map((each) => (each.id === current.id ? current : each));
  }
}
