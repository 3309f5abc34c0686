/** A schema in the subset of OpenAPI that Gemini takes. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: string | number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly [other: string]: unknown;
}

const KNOWN = [
  ...['type', 'format', 'title', 'description', 'nullable', 'enum', 'default', 'example', 'anyOf', 'propertyOrdering'],
  ...['properties', 'required', 'minProperties', 'maxProperties', 'items', 'minItems', 'maxItems'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'pattern'],
];
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** Google bounds the states by a budget that it does not publish; bounded lists of objects are what breaks it. */
const TOO_MANY_STATES = 'The specified schema produces a constraint that has too many states for serving.';

/** What Google would refuse of a schema; undefined when it is fine. */
export function schemaProblem(schema: Schema, path = 'response_schema'): string | undefined {
  const unknown = Object.keys(schema).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return `Unknown name "${unknown}" at '${path}': Cannot find field.`;
  if (!TYPES.includes(String(schema.type).toLowerCase())) return `Invalid value at '${path}.type'.`;
  if (schema.items?.type === 'object' && schema['maxItems'] !== undefined) return TOO_MANY_STATES;
  const properties = Object.entries(schema.properties ?? {});
  const stray = schema.required?.find((name) => !properties.some(([known]) => known === name));
  if (stray !== undefined) return `${path}.required: property is not defined: ${stray}`;
  const below: (readonly [string, Schema])[] = schema.items === undefined ? properties : [['items', schema.items]];
  return below.map(([name, child]) => schemaProblem(child, `${path}.${name}`)).find((problem) => problem !== undefined);
}

/** A plausible value of a schema: numbers in the middle of their range, one item in every list. */
export function plausibleValue(schema: Schema): unknown {
  switch (String(schema.type).toLowerCase()) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, child]) => [name, plausibleValue(child)]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, Number(schema.minItems ?? 1)) }, () =>
        plausibleValue(schema.items ?? {}),
      );
    case 'integer':
      return Math.round(middleOf(schema));
    case 'number':
      return middleOf(schema);
    case 'boolean':
      return true;
    case 'string':
      return schema.enum?.[0] ?? '도로 상태 양호: the road looks sound.';
    default:
      return null;
  }
}

/** The same value with every number far out of any range. */
export function wildValue(value: unknown): unknown {
  if (typeof value === 'number') return value * 70 - 1500;
  if (Array.isArray(value)) return value.map(wildValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, wildValue(child)]));
}

function middleOf({ minimum = 0, maximum = 1 }: Schema): number {
  return (minimum + maximum) / 2;
}
