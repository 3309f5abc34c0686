import { useRef } from 'preact/hooks';
import type { Finding } from '../review/finding.js';
import { t } from '../../i18n/texts.js';
import { Severity } from '../../parts/badge.js';
import { Time } from '../../parts/time.js';
import { link } from '../../router.js';
import { may } from '../../session.js';
import { CameraLink } from '../jobs/words.js';
import { sizeOf } from '../review/why.js';
import { answerName, className, reasonName, stateName } from '../review/words.js';

interface FindingsTableProps {
  readonly findings: readonly Finding[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: ReadonlySet<string>) => void;
}

/** Findings in rows that can be chosen: with Shift all from the last one on. */
export function FindingsTable({ findings, chosen, onChoose }: FindingsTableProps) {
  const last = useRef<number>(-1);
  const toggle = (at: number, isOn: boolean, withShift: boolean): void => {
    const from = withShift && last.current >= 0 ? Math.min(last.current, at) : at;
    const to = withShift && last.current >= 0 ? Math.max(last.current, at) : at;
    last.current = at;
    const ids = new Set(chosen);
    for (const { id } of findings.slice(from, to + 1)) {
      if (isOn) ids.add(id);
      else ids.delete(id);
    }
    onChoose(ids);
  };
  const areAll = findings.every(({ id }) => chosen.has(id));
  const toggleAll = (): void => onChoose(new Set(areAll ? [] : findings.map(({ id }) => id)));
  const canChoose = may('inspector');
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('findings.title')}>
      <table>
        <thead>
          <tr>
            {canChoose && (
              <th scope="col">
                <input type="checkbox" aria-label={t('findings.chooseAll')} checked={areAll} onChange={toggleAll} />
              </th>
            )}
            {HEADS.map((head) => (
              <th key={head} scope="col">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {findings.map((finding, at) => (
            <tr key={finding.id} class={chosen.has(finding.id) ? 'findings-chosen' : ''}>
              {canChoose && (
                <td>
                  <input
                    type="checkbox"
                    aria-label={`${t('findings.choose')}: ${finding.cctvId} ${className(finding.class)}`}
                    checked={chosen.has(finding.id)}
                    onClick={(event) => toggle(at, event.currentTarget.checked, event.shiftKey)}
                  />
                </td>
              )}
              <Cells finding={finding} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const HEADS = [
  ...(['findings.severity', 'findings.class', 'common.camera', 'jobs.state', 'findings.seen'] as const),
  ...(['findings.since', 'findings.size', 'findings.ref', 'findings.note'] as const),
] as const;

function Cells({ finding }: { readonly finding: Finding }) {
  const { id, cctvId, severity, state, answer, reason, seenIn, lookedAt, since, goneSince, ref, note } = finding;
  const said = answer !== null ? answerName(answer) : reason !== null ? reasonName(reason) : '';
  return (
    <>
      <td>
        <Severity of={severity} />
      </td>
      <td>
        <a href={link(['review'], { id })}>{className(finding.class)}</a>
      </td>
      <td>
        <CameraLink id={cctvId} />
      </td>
      <td>
        {stateName(state)}
        {said !== '' && <span class="quiet"> · {said}</span>}
      </td>
      <td>
        {seenIn}/{lookedAt}
        {goneSince !== null && <span class="quiet"> · {t('findings.gone')}</span>}
      </td>
      <td>
        <Time at={since} />
      </td>
      <td class="findings-size">{sizeOf(finding)}</td>
      <td>{ref}</td>
      <td class="findings-note">{note}</td>
    </>
  );
}
