import type { BlockSchema } from '../schema.ts';
import { type Fill, fillComputed } from './fill.ts';
import { replacingArguments } from './replacement.ts';
import { standIn } from './stand-ins.ts';
import { isObject, UNKNOWN, Unknown, type Value } from './values.ts';

export interface Resource {
  type: string;
  block: BlockSchema;
  /** The provider's project, which a resource has when it names none. */
  project: string | undefined;
}

const isNull = (value: Value) => value === null;
const isUnknown = (value: Value) => value instanceof Unknown;

/** Arguments that are kept in another form than they are written: the provider's StateFunc. */
const KEPT_AS: Record<string, Record<string, (text: string) => string>> = {
  google_storage_bucket: { location: (text) => text.toUpperCase() },
};

/** What a resource will be: as proposed, with the provider's own values known after the apply. */
export function planChange(
  resource: Resource,
  prior: Value,
  proposed: Value,
): { planned: Value; replacedBy: string[] } {
  const planned = fillComputed(resource.block, asKept(resource.type, proposed), {
    isMissing: isNull,
    fill: ({ name }) => (name === 'project' && resource.project ? resource.project : UNKNOWN),
  });
  return { planned, replacedBy: replacingArguments(resource.block, prior, planned) };
}

function asKept(type: string, value: Value): Value {
  if (!isObject(value)) return value;
  const kept = Object.entries(KEPT_AS[type] ?? {}).map(([name, keep]) => {
    const written = value[name] ?? null;
    return [name, typeof written === 'string' ? keep(written) : written];
  });
  return { ...value, ...Object.fromEntries(kept) };
}

/** What was planned, with stand-ins for what only Google could tell. */
export function applyChange({ type, block, project = 'stand-in' }: Resource, planned: Value): Value {
  const of = {
    type,
    name: textAt(planned, 'name') ?? textAt(planned, 'account_id') ?? '',
    project: textAt(planned, 'project') ?? project,
  };
  const fill: Fill = (attribute, siblings) => standIn(attribute, siblings, of);
  return fillComputed(block, planned, { isMissing: isUnknown, fill });
}

/** A data source as configured, with stand-ins for what only Google could tell. */
export function readData(resource: Resource, config: Value): Value {
  const unknown = fillComputed(resource.block, config, { isMissing: isNull, fill: () => UNKNOWN });
  return applyChange(resource, unknown);
}

/** One text of an object; undefined where it has none, or not yet. */
export function textAt(value: Value, name: string): string | undefined {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}
