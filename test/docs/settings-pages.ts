import { DEFAULTS, SECTIONS, type Name } from '../../src/config/table/table.js';
import type { Setting } from '../../src/config/table/rows.js';

const MOST_CHARACTERS = 120;

const EXAMPLE_HEAD = `# Settings of roadstream. Copy to \`.env\` and change what you need; the real environment wins over the file.
# Every variable is here with its default; an empty value means "not set". Put values with a # in them in quotes.
# A line that could not be read (YAML, lower-case names, UTF-16) stops the start with its number.
# Made from src/config/table by \`npm run docs:settings\`; docs/settings.md shows the same as a table.
`;

const PAGE_HEAD = `# Settings

Environment variables, or lines of a file \`.env\`; the real environment wins. An empty value means "not set". Made from
\`src/config/table\` by \`npm run docs:settings\`.
`;

type Row = [name: string, setting: Setting<unknown>];

const sections = Object.entries(SECTIONS) as [title: string, section: Record<string, Setting<unknown>>][];
const textOfDefault = (name: string): string => String(DEFAULTS[name as Name] ?? '');

/** The text of `.env.example`. */
export function exampleFile(): string {
  const blocks = sections.map(([title, section]) =>
    [`# --- ${title} ---`, ...Object.entries(section).flatMap(exampleLines)].join('\n'),
  );
  return [EXAMPLE_HEAD, ...blocks.map((block) => `${block}\n`)].join('\n');
}

function exampleLines([name, { meaning, hint }]: Row): string[] {
  const comment = [meaning, hint === '' ? '' : `(${hint})`].filter((part) => part !== '').join(' ');
  return [...wrapped(comment).map((line) => `# ${line}`), `${name}=${textOfDefault(name)}`];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 3 <= MOST_CHARACTERS)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The text of `docs/settings.md`. */
export function settingsPage(): string {
  const tables = sections.map(([title, section]) => {
    const head = ['| variable | default | may be | meaning |', '| --- | --- | --- | --- |'];
    return [`## ${title}`, '', ...head, ...Object.entries(section).map(tableRow), ''].join('\n');
  });
  return [PAGE_HEAD, ...tables].join('\n');
}

function tableRow([name, { meaning, hint }]: Row): string {
  const value = textOfDefault(name);
  const plain = [hint, meaning].map((cell) => cell.replaceAll(/[|*]/g, '\\$&'));
  const cells = [`\`${name}\``, value === '' ? '' : `\`${value}\``, ...plain];
  return `| ${cells.join(' | ')} |`;
}
