import type { Command } from 'commander';

/** `roadstream serve`: the service itself. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the service (what npm start does)')
    .action(async () => {
      // Other commands start faster without the service.
      const { start } = await import('../start.js');
      await start();
    });
}
