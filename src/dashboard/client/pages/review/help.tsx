import { t } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';

const KEYS = [
  ['A', 'review.help_accept'],
  ['C', 'review.help_class'],
  ['R', 'review.help_reject'],
  ['F', 'review.help_repaired'],
  ['N', 'review.help_note'],
  ['J K', 'review.help_move'],
  ['Z', 'review.help_undo'],
  ['H', 'review.help_marks'],
  ['+ −', 'review.help_zoom'],
  ['?', 'review.help_help'],
] as const;

/** What each key does. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('review.help')} onClose={onClose}>
      <dl class="review-keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <p class="buttons">
        <Button onClick={onClose}>{t('review.closeHelp')}</Button>
      </p>
    </Dialog>
  );
}
