import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** The folder of this checkout. */
export const ROOT = new URL('../../../', import.meta.url).pathname;

/** An alert as it stands in the file of rules. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A file of this checkout that is YAML. */
export function readYaml(path: string): unknown {
  return load(readFileSync(ROOT + path, 'utf8'));
}

/** Every alert there is. */
export function readAlerts(): Alert[] {
  const { groups } = readYaml('ops/prometheus/rules.yaml') as { groups: { rules: Alert[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** The metrics that an expression asks for, by the beginning of their names; what a histogram adds to its name is taken off. */
export function metricsIn(expr: string): string[] {
  const names = withoutStrings(expr).match(/\b(?:roadstream|detection|llm|process|nodejs|redis)_\w+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(?:count|sum|bucket)$/, '')))];
}

/** The labels that an expression asks for of each metric: in its braces, or by a `by` that stands right before it. */
export function labelsIn(expr: string): { metric: string; labels: string[] }[] {
  const found = withoutStrings(expr).matchAll(
    /(?:by \(([\w, ]+)\) \((?:[\d., ]*)(?:\w+\()?)?\b((?:roadstream|detection|llm|process)_\w+)(?:\{([^}]*)\})?/g,
  );
  return [...found].map(([, by = '', metric = '', braces = '']) => ({
    metric: metric.replace(/_(?:count|sum|bucket)$/, ''),
    labels: [...by.split(','), ...braces.split(',').map((matcher) => matcher.split(/[=!]/)[0] ?? '')]
      .map((label) => label.trim())
      .filter((label) => label !== '' && label !== 'le'),
  }));
}

function withoutStrings(expr: string): string {
  return expr.replace(/"(?:\\.|[^"\\])*"/g, '""');
}
