#!/usr/bin/env node
import { Command } from 'commander';
import { ConfigError } from '../config/config.js';
import { JobError } from '../job/errors.js';
import { addDlqCommands } from './dlq.command.js';
import { addDoctorCommand } from './doctor.command.js';
import { addEnqueueCommand } from './enqueue.command.js';
import { addServeCommand } from './serve.command.js';

const program = new Command('roadstream').description(
  'Turns road-CCTV jobs on a Redis Stream into pictures of the road',
);
addServeCommand(program);
addDoctorCommand(program);
addEnqueueCommand(program);
addDlqCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  const isKnown = error instanceof ConfigError || error instanceof JobError;
  console.error(isKnown ? error.message : error);
  process.exit(1);
}
