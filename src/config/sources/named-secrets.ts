import type { Environment } from '../config.js';

/** Variables that a file of the operator names, such as the cameras file. Shows nothing of the environment when it is printed. */
export class NamedSecrets {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The value of a variable; undefined when it is not set. */
  secret(name: string): string | undefined {
    return this.#env[name];
  }
}
