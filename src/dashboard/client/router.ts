import { computed, signal } from '@preact/signals';

/** Where the page lives: `…/ui/`, below whatever prefix. */
export const uiRoot = new URL(document.documentElement.dataset['root'] ?? './', location.href);

const here = signal(new URL(location.href));

/** The path below `/ui/`, in pieces: `['cameras', 'cctv_001']`. */
export const path = computed(() => piecesOf(here.value));

/** What stands behind the `?`: filters, so that a link shows what one saw. */
export const query = computed(() => Object.fromEntries(here.value.searchParams));

function piecesOf(url: URL): string[] {
  return url.pathname
    .slice(uiRoot.pathname.length)
    .split('/')
    .filter((piece) => piece !== '')
    .map(decoded);
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

type Values = Readonly<Record<string, string | number | undefined>>;

/** The address of a page: `link(['cameras', id], {tab: 'map'})`. */
export function link(pieces: readonly string[], values: Values = {}): string {
  const url = new URL(pieces.map(encodeURIComponent).join('/'), uiRoot);
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** Goes to an address of {@link link}. */
export function navigate(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  const before = here.value.pathname;
  here.value = new URL(location.href);
  if (before !== here.value.pathname) window.scrollTo(0, 0);
}

/** Changes filters of the page that is shown; an empty one leaves the address. */
export function setQuery(values: Values): void {
  navigate(link(path.value, { ...query.value, ...values }), { replace: true });
}

/** Follows links within the page without loading it anew, and the buttons of the browser. */
export function startRouter(): void {
  window.addEventListener('popstate', () => (here.value = new URL(location.href)));
  document.addEventListener('click', (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('a') : null;
    if (anchor === null || !isOurs(anchor, event)) return;
    event.preventDefault();
    navigate(anchor.href);
  });
}

function isOurs(anchor: HTMLAnchorElement, event: MouseEvent): boolean {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!isPlain || event.defaultPrevented || anchor.hasAttribute('download') || anchor.target !== '') return false;
  const url = new URL(anchor.href);
  const isPage = url.origin === uiRoot.origin && url.pathname.startsWith(uiRoot.pathname);
  return isPage && !url.pathname.startsWith(`${uiRoot.pathname}assets/`);
}
