import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';

/** `roadstream serve`: the service itself. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the service (what npm start does)')
    .action(async () => {
      const config = loadConfig(readEnvironment());
      // Other commands start faster without the service.
      const { startService } = await import('../service.js');
      await startService(config);
    });
}
