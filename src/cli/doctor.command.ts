import type { Command } from 'commander';

/** `roadstream doctor`: looks at everything the service needs, one line each. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check settings, Redis, ffmpeg, storage and GPU; say what to do')
    .option('--stack', 'check each part of what "npm run stack" started here instead')
    .action(async ({ stack = false }: { stack?: boolean }) => (await import('./doctor.js')).doctor({ stack }));
}
