import { useLayoutEffect } from 'preact/hooks';
import { ANSWERS, REASONS, usualAnswer } from './finding.js';
import { may } from '../../session.js';
import type { Inbox } from './inbox.js';

/** What the keys do beside what the inbox knows. */
export interface View {
  toggleMarks(): void;
  zoom(by: number): void;
  writeNote(): void;
  help(): void;
}

const STEP = 1.25;

/** Has keys do what the buttons do, while nobody writes. */
export function useKeys(inbox: Inbox, view: View): void {
  // At once: what is seen can be answered.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
      if (!act(event.key, inbox, view)) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [inbox]);
}

/** Who writes a note or answers a question means letters as letters. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}

/** Gives whether the key means something. */
function act(key: string, inbox: Inbox, view: View): boolean {
  const looking = (LOOKING[key.toLowerCase()] ?? LOOKING[key])?.(inbox, view);
  if (looking !== undefined) return true;
  return may('inspector') && decide(key.toLowerCase(), inbox, view);
}

const LOOKING: Readonly<Record<string, (inbox: Inbox, view: View) => true>> = {
  j: (inbox) => done(() => inbox.move(1)),
  k: (inbox) => done(() => inbox.move(-1)),
  h: (_inbox, view) => done(() => view.toggleMarks()),
  '+': (_inbox, view) => done(() => view.zoom(STEP)),
  '=': (_inbox, view) => done(() => view.zoom(STEP)),
  '-': (_inbox, view) => done(() => view.zoom(1 / STEP)),
  '?': (_inbox, view) => done(() => view.help()),
};

function decide(key: string, inbox: Inbox, view: View): boolean {
  const { mode } = inbox;
  const finding = inbox.current.value;
  if (key === 'z') return done(() => void inbox.undo());
  if (key === 'escape' && mode.value !== 'look') return done(() => (mode.value = 'look'));
  if (finding === undefined) return false;
  if (mode.value === 'accept' && (key === 'a' || key === 'enter'))
    return done(() => void inbox.decide({ decision: 'accept', answer: usualAnswer(finding.class) }));
  if (key === 'a' || key === 'c') return done(() => (mode.value = 'accept'));
  if (key === 'r') return done(() => (mode.value = 'reject'));
  if (key === 'n') return done(() => view.writeNote());
  if (key === 'f') return done(() => void inbox.decide({ decision: 'repair' }));
  return choose(Number(key) - 1, inbox);
}

function choose(place: number, inbox: Inbox): boolean {
  const answer = inbox.mode.value === 'accept' ? ANSWERS[place] : undefined;
  if (answer !== undefined) return done(() => void inbox.decide({ decision: 'accept', answer }));
  const reason = inbox.mode.value === 'reject' ? REASONS[place] : undefined;
  if (reason !== undefined) return done(() => void inbox.decide({ decision: 'reject', reason }));
  return false;
}

function done(work: () => void): true {
  work();
  return true;
}
