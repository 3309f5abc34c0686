/** The environment cannot be used. The message lists every wrong variable, one a line, and holds no secret. */
export class ConfigError extends Error {
  readonly code = 'BAD_CONFIG';

  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
    super(
      `The service cannot start: ${count} wrong (.env.example explains each).\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}
