/** Names that stay: those that users' dashboards and alerts rely on, those that every process has, and the new ones. */
const STAYS = /^(?:roadstream|detection|llm|process|nodejs)_/;

/** What a metric is called from now on: `worker_` and the like collide in a Prometheus that others use, too. */
export function newNameOf(name: string): string {
  return STAYS.test(name) ? name : `roadstream_${name.replace(/^worker_/, '')}`;
}

/**
 * Gives each metric under its new name, and beside it under the one it had. The old names go with the next minor version, and
 * so does this.
 * @param text what a registry tells, in the text format of Prometheus
 */
export function withBothNames(text: string): string {
  return text
    .split(/\n(?=# HELP )/)
    .map((family) => {
      const name = /^# HELP (\w+)/.exec(family)?.[1] ?? '';
      const next = newNameOf(name);
      return next === name ? family : `${renamed(family, name, next)}\n${asOld(family, name, next)}`;
    })
    .join('\n');
}

/** Every line of a family begins with its name. */
function renamed(family: string, name: string, next: string): string {
  return family.replace(new RegExp(`^((?:# (?:HELP|TYPE) )?)${name}`, 'gm'), (_, before: string) => before + next);
}

function asOld(family: string, name: string, next: string): string {
  const help = `# HELP ${name} `;
  return `${help}Old name of ${next}, gone with the next minor version: ${family.slice(help.length)}`;
}
