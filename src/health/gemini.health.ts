import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { KeyStates, type KeyState } from '../gemini/key-states.js';

/** Gemini: judged by what came of real questions, never by one of its own, which would cost money and budget. */
@Injectable()
export class GeminiHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly states: KeyStates,
  ) {}

  /** Down when every key was refused; degraded while some were, or while Google wants to hear nothing from a project. */
  check() {
    const check = this.indicator.check('gemini');
    const { list, allRetired } = this.states;
    if (list.length === 0) return check.up({ message: 'off: no GEMINI_API_KEY' });
    if (allRetired) return check.down(`All keys were refused: ${named(list)}. Correct them; jobs wait.`);
    const troubles = list.flatMap(troubleOf);
    return troubles.length > 0 ? check.degraded(troubles.join(' ')) : check.up({ keys: list.length });
  }
}

function troubleOf({ id, project, state, until = 0, said }: KeyState): string[] {
  switch (state) {
    case 'ok':
      return [];
    case 'parked':
      return [
        `Key ${id} waits until ${new Date(until).toISOString()}, as Google asked of project ${project}. ${said ?? ''}`.trim(),
      ];
    case 'retired':
      return [`Key ${id} was refused${said === undefined ? '' : ` (${said})`}: correct or remove it.`];
  }
}

function named(keys: readonly KeyState[]): string {
  return keys.map(({ id, said }) => (said === undefined ? id : `${id} (${said})`)).join(', ');
}
