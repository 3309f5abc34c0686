import { Option, type Command } from 'commander';
import type { TokenOptions } from './token.js';

/** `roadstream token`: makes a token and the line of TOKENS_FILE for it. */
export function addTokenCommand(program: Command): void {
  program
    .command('token')
    .description('make a token for the API, and the line of TOKENS_FILE for it')
    .requiredOption('--name <name>', 'whose it is, as the log of actions names it')
    .addOption(
      new Option('--role <role>', 'what it may do: read, inspect too, steer too; or ask for jobs of its own only')
        .choices(['viewer', 'inspector', 'operator', 'client'])
        .makeOptionMandatory(),
    )
    .action(async (options: TokenOptions) => (await import('./token.js')).makeToken(options));
}
