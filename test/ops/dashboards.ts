import { readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './rules-file.js';

const FOLDER = `${ROOT}ops/grafana/dashboards`;

/** Where a panel lies, in columns and lines. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What the tests look at of a panel. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: Place;
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly datasource: unknown; readonly legendFormat: string }[];
}

/** What the tests look at of a dashboard. */
export interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
}

/** Every dashboard, by the name of its file. */
export function readDashboards(): { name: string; text: string; dashboard: Dashboard }[] {
  return readdirSync(FOLDER).map((name) => {
    const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
    return { name, text, dashboard: JSON.parse(text) as Dashboard };
  });
}

/** Panels with queries, of all dashboards. */
export function panelsWithQueries(): Panel[] {
  return readDashboards().flatMap(({ dashboard }) => dashboard.panels.filter(({ targets }) => targets !== undefined));
}

/** Whether two panels cover the same place. */
export function overlap(one: Place, other: Place): boolean {
  const apartInX = one.x + one.w <= other.x || other.x + other.w <= one.x;
  return !apartInX && !(one.y + one.h <= other.y || other.y + other.h <= one.y);
}
