import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from './api.js';
import { useResource, type Resource, type Upkeep } from './resource.js';

/** A page of a list, as every list of the API comes. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly complete?: boolean;
}

/** A list as far as it was read. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** Whether there are more behind these. */
  readonly hasMore: boolean;
  /** False: the service stopped since it had looked at enough. */
  readonly complete: boolean;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** Pages that are kept fresh at most: beyond that a filter is of more use. */
const MOST_PAGES = 10;

/** Reads a list page by page: `more` adds one. Each look reads all that is shown, since it may have changed. */
export function usePaged<T>(path: string, query: Query, upkeep: Upkeep = {}): Resource<Listed<T>> & { more(): void } {
  const pages = useSignal(1);
  const filter = JSON.stringify([path, query]);
  useEffect(() => {
    pages.value = 1;
  }, [filter]);
  const load = (signal: AbortSignal): Promise<Listed<T>> => readPages(path, query, pages.value, signal);
  const resource = useResource(`${filter} ${pages.value}`, load, upkeep);
  return { ...resource, more: () => (pages.value += 1) };
}

async function readPages<T>(path: string, query: Query, pages: number, signal: AbortSignal): Promise<Listed<T>> {
  const items: T[] = [];
  let [cursor, complete] = ['', true];
  for (let n = 0; n < Math.min(pages, MOST_PAGES); n += 1) {
    const page = await get<Page<T>>(path, { ...query, cursor }, signal);
    items.push(...page.items);
    complete = page.complete ?? true;
    if (page.next === null) return { items, hasMore: false, complete };
    cursor = page.next;
  }
  return { items, hasMore: pages < MOST_PAGES, complete };
}
