import type { GeminiKey } from '../gemini-api.js';

/** What Google grants a project, for each model. */
export interface Limits {
  /** Requests per minute. */
  readonly rpm: number;
  /** Tokens per minute. */
  readonly tpm: number;
  /** Requests per day; days begin at midnight in Los Angeles. */
  readonly rpd: number;
}

/** A key and what its project may use. */
export type BudgetedKey = GeminiKey & Limits;

/** A project with all its keys, which share one budget. */
export interface Project extends Limits {
  readonly name: string;
  readonly keys: readonly GeminiKey[];
}

/** The projects of some keys, in the order of the keys. Where keys of one project differ, the smallest limits count. */
export function projectsOf(keys: readonly BudgetedKey[]): Project[] {
  const byName = new Map<string, Project>();
  for (const key of keys) {
    const before = byName.get(key.project);
    byName.set(key.project, before === undefined ? newProject(key) : withKey(before, key));
  }
  return [...byName.values()];
}

function newProject({ id, project, key, rpm, tpm, rpd }: BudgetedKey): Project {
  return { name: project, keys: [{ id, project, key }], rpm, tpm, rpd };
}

function withKey(project: Project, { id, key, rpm, tpm, rpd }: BudgetedKey): Project {
  return {
    name: project.name,
    keys: [...project.keys, { id, project: project.name, key }],
    rpm: Math.min(project.rpm, rpm),
    tpm: Math.min(project.tpm, tpm),
    rpd: Math.min(project.rpd, rpd),
  };
}
