import type { RefObject } from 'preact';
import { ANSWERS, REASONS, usualAnswer, type Finding } from './finding.js';
import { t } from '../../i18n/texts.js';
import type { Inbox } from './inbox.js';
import { answerName, reasonName } from './words.js';

interface ActionsProps {
  readonly inbox: Inbox;
  readonly finding: Finding;
  readonly noteBox: RefObject<HTMLTextAreaElement | null>;
}

/** What can be said of a finding: each button names its key. */
export function Actions({ inbox, finding, noteBox }: ActionsProps) {
  return (
    <div class="review-actions" role="group" aria-label={t('review.actions')}>
      <label class="review-write">
        {t('review.note')} <kbd>N</kbd>
        <textarea
          ref={noteBox}
          rows={1}
          maxLength={1_000}
          value={inbox.note.value}
          onInput={({ currentTarget }) => (inbox.note.value = currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' || (event.key === 'Enter' && event.ctrlKey)) event.currentTarget.blur();
          }}
        />
      </label>
      {inbox.mode.value === 'look' ? <Verbs inbox={inbox} /> : <Choices inbox={inbox} finding={finding} />}
    </div>
  );
}

function Verbs({ inbox }: Pick<ActionsProps, 'inbox'>) {
  const busy = inbox.isBusy.value;
  return (
    <div class="review-buttons">
      <Key k="A" kind="main" disabled={busy} onPress={() => (inbox.mode.value = 'accept')}>
        {t('review.accept')}
      </Key>
      <Key k="R" disabled={busy} onPress={() => (inbox.mode.value = 'reject')}>
        {t('review.reject')}
      </Key>
      <Key k="F" disabled={busy} onPress={() => void inbox.decide({ decision: 'repair' })}>
        {t('review.repaired')}
      </Key>
      <Key k="K" disabled={busy || inbox.at.value === 0} onPress={() => inbox.move(-1)}>
        {t('review.previous')}
      </Key>
      <Key
        k="J"
        disabled={busy || inbox.at.value >= (inbox.queue.value?.length ?? 0) - 1}
        onPress={() => inbox.move(1)}
      >
        {t('review.next')}
      </Key>
      <Key k="Z" disabled={busy || inbox.undoable.value.length === 0} onPress={() => void inbox.undo()}>
        {t('review.undo')}
      </Key>
    </div>
  );
}

function Choices({ inbox, finding }: Pick<ActionsProps, 'inbox' | 'finding'>) {
  const isAccepted = inbox.mode.value === 'accept';
  const usual = usualAnswer(finding.class);
  const busy = inbox.isBusy.value;
  return (
    <div class="review-buttons">
      {isAccepted
        ? ANSWERS.map((answer, i) => (
            <Key
              key={answer}
              k={answer === usual ? `${i + 1} A` : `${i + 1}`}
              kind={answer === usual ? 'main' : 'plain'}
              disabled={busy}
              onPress={() => void inbox.decide({ decision: 'accept', answer })}
            >
              {answerName(answer)}
            </Key>
          ))
        : REASONS.map((reason, i) => (
            <Key
              key={reason}
              k={`${i + 1}`}
              disabled={busy}
              onPress={() => void inbox.decide({ decision: 'reject', reason })}
            >
              {reasonName(reason)}
            </Key>
          ))}
      <Key k="Esc" disabled={busy} onPress={() => (inbox.mode.value = 'look')}>
        {t('common.cancel')}
      </Key>
    </div>
  );
}

function Key(props: {
  readonly k: string;
  readonly kind?: 'plain' | 'main';
  readonly disabled: boolean;
  readonly onPress: () => void;
  readonly children: string;
}) {
  const { k, kind = 'plain', disabled, onPress, children } = props;
  return (
    <button type="button" class={kind} disabled={disabled} onClick={onPress}>
      {children} <kbd aria-hidden="true">{k}</kbd>
    </button>
  );
}
