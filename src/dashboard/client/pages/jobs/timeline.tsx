import { duration } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { Badge } from '../../parts/badge.js';
import { Time } from '../../parts/time.js';
import { TONES, type Job, type PastRun } from './job.js';
import { stepName, Why } from './words.js';

const WIDTH = 1_000;
const HEIGHT = 16;
/** What takes no time is seen all the same. */
const LEAST = 3;

/** What the attempts of a job did, one below the other: how long each step took, and how each ended. */
export function Timeline({ job: { runs, steps, queuedAt } }: { readonly job: Job }) {
  if (runs.length === 0) return null;
  const longestMs = Math.max(1, ...runs.map(lengthMs));
  return (
    <section>
      <h2>{t('jobs.timeline')}</h2>
      <ol class="timeline">
        {runs.map((run, i) => (
          <li key={run.startedAt}>
            <Waited from={i === 0 ? queuedAt : runs[i - 1]?.endedAt} until={run.startedAt} />
            <Run run={run} steps={steps} longestMs={longestMs} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function lengthMs({ startedAt, endedAt }: PastRun): number {
  return Date.parse(endedAt) - Date.parse(startedAt);
}

function Waited({ from, until }: { readonly from: string | null | undefined; readonly until: string }) {
  const ms = Date.parse(until) - Date.parse(from ?? '');
  return ms >= 1_000 ? <p class="quiet waited">{t('jobs.waited', { time: duration(ms) })}</p> : null;
}

function Run(props: { readonly run: PastRun; readonly steps: readonly string[]; readonly longestMs: number }) {
  const { run, steps, longestMs } = props;
  // A step may have steps of its own: only those of the kind follow one another.
  const shown = run.steps.filter(({ step }) => steps.length === 0 || steps.includes(step));
  return (
    <>
      <p class="run">
        <strong>{t('jobs.attemptN', { n: run.attempt })}</strong>
        <Badge tone={TONES[run.outcome] ?? 'quiet'}>{textOf(`jobs.outcome_${run.outcome}`)}</Badge>
        <span>{duration(lengthMs(run))}</span>
        <span class="quiet">
          <Time at={run.startedAt} /> · {run.worker}
        </span>
      </p>
      <Bar steps={shown} run={run} longestMs={longestMs} />
      <p class="quiet steps">
        {shown.map(({ step, durationMs }) => (
          <span key={step}>
            {stepName(step)} {duration(durationMs)}
          </span>
        ))}
      </p>
      {run.code !== null && (
        <p class="reason">
          <Why of={{ code: run.code, message: run.message ?? '' }} />
        </p>
      )}
    </>
  );
}

function Bar(props: { readonly run: PastRun; readonly steps: PastRun['steps']; readonly longestMs: number }) {
  const { run, steps, longestMs } = props;
  const scale = (ms: number): number => (ms / longestMs) * WIDTH;
  let at = 0;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" class="bar" aria-hidden="true">
      <rect class="ground" width={Math.max(LEAST, scale(lengthMs(run)))} height={HEIGHT} />
      {steps.map(({ step, durationMs }) => {
        const x = scale(at);
        at += durationMs;
        const isFault = run.code !== null && step === run.step;
        const width = Math.max(LEAST, scale(durationMs) - 1);
        return <rect key={step} class={isFault ? 'fault' : 'step'} x={x} width={width} height={HEIGHT} />;
      })}
    </svg>
  );
}
