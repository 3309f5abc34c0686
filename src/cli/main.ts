#!/usr/bin/env node
import { Command } from 'commander';
import { addDlqCommands } from './dlq.command.js';
import { addDoctorCommand } from './doctor.command.js';
import { addEnqueueCommand } from './enqueue.command.js';
import { addFleetCommands } from './fleet/fleet.command.js';
import { addJobsCommands } from './jobs.command.js';
import { addServeCommand } from './serve.command.js';
import { addTokenCommand } from './token.command.js';

const program = new Command('roadstream').description(
  'Turns road-CCTV jobs on a Redis Stream into pictures of the road',
);
addServeCommand(program);
addDoctorCommand(program);
addEnqueueCommand(program);
addJobsCommands(program);
addDlqCommands(program);
addTokenCommand(program);
addFleetCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  // Loaded by now, where one was thrown. Until then commands need none of it: `--help` is quick.
  const [{ ConfigError }, { JobError }] = await Promise.all([
    import('../config/config.error.js'),
    import('../job/errors.js'),
  ]);
  const isKnown = error instanceof ConfigError || error instanceof JobError;
  console.error(isKnown ? error.message : error);
  process.exit(1);
}
