/** A number of `/metrics`, with what tells it from others of its name. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus as far as its names begin in one of these ways. */
export function samplesOf(text: string, prefixes: readonly string[]): Sample[] {
  return text.split('\n').flatMap((line) => {
    if (!prefixes.some((prefix) => line.startsWith(prefix))) return [];
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    return name === undefined ? [] : [{ name, labels: labelsOf(labels), value: Number(value) }];
  });
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}

/** The sum of all samples of a name, or of those with these labels. */
export function sumOf(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels);
  return samples
    .filter((sample) => sample.name === name && wanted.every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** The sums of a name by one of its labels, the largest first. */
export function sumsBy(samples: readonly Sample[], name: string, label: string): (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const sample of samples.filter((each) => each.name === name)) {
    const key = sample.labels[label] ?? '';
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}
