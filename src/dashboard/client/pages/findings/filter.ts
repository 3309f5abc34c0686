/** What names findings: as the API takes it, in a list, an export and a review of many. */
export interface FindingFilter extends Readonly<Record<string, string | undefined>> {
  readonly state?: string | undefined;
  readonly cctvId?: string | undefined;
  readonly class?: string | undefined;
  readonly severity?: string | undefined;
  readonly road?: string | undefined;
  readonly tag?: string | undefined;
}

const NAMES = ['state', 'cctvId', 'class', 'severity', 'road', 'tag'] as const;

/** What an address says of it. */
export function filterOf(values: Readonly<Record<string, string | undefined>>): FindingFilter {
  const named = NAMES.flatMap((name) => {
    const value = values[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(named);
}
