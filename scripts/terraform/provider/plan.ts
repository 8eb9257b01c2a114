import type { BlockSchema } from '../schema.ts';
import { type Fill, fillComputed } from './fill.ts';
import { replacingArguments } from './replacement.ts';
import { standIn } from './stand-ins.ts';
import { isPlanObject, PlanUnknown, type PlanValue, UNKNOWN } from './values.ts';

export interface Resource {
  type: string;
  block: BlockSchema;
  /** The provider's project, which a resource has when it names none. */
  project: string | undefined;
}

const isNull = (value: PlanValue) => value === null;
const isUnknown = (value: PlanValue) => value instanceof PlanUnknown;

/** Arguments that are kept in another form than they are written: the provider's StateFunc. */
const KEPT_AS: Record<string, Record<string, (text: string) => string>> = {
  google_storage_bucket: { location: (text) => text.toUpperCase() },
};

/** What a resource will be: as proposed, with the provider's own values known after the apply. */
export function planChange(
  resource: Resource,
  prior: PlanValue,
  proposed: PlanValue,
): { planned: PlanValue; replacedBy: string[] } {
  const planned = fillComputed(resource.block, asKept(resource.type, proposed), {
    isMissing: isNull,
    fill: ({ name }) => (name === 'project' && resource.project ? resource.project : UNKNOWN),
  });
  return { planned, replacedBy: replacingArguments(resource.block, prior, planned) };
}

function asKept(type: string, value: PlanValue): PlanValue {
  if (!isPlanObject(value)) return value;
  const kept = Object.entries(KEPT_AS[type] ?? {}).map(([name, keep]) => {
    const written = value[name] ?? null;
    return [name, typeof written === 'string' ? keep(written) : written];
  });
  return { ...value, ...Object.fromEntries(kept) };
}

/** What was planned, with stand-ins for what only Google knows. */
export function applyChange({ type, block, project = 'stand-in' }: Resource, planned: PlanValue): PlanValue {
  const of = {
    type,
    name: textAt(planned, 'name') ?? textAt(planned, 'account_id') ?? '',
    project: textAt(planned, 'project') ?? project,
  };
  const fill: Fill = (attribute, siblings) => standIn(attribute, siblings, of);
  return fillComputed(block, planned, { isMissing: isUnknown, fill });
}

/** A data source as configured, with stand-ins for what only Google knows. */
export function readData(resource: Resource, config: PlanValue): PlanValue {
  const unknown = fillComputed(resource.block, config, { isMissing: isNull, fill: () => UNKNOWN });
  return applyChange(resource, unknown);
}

/** One text of an object; undefined where it has none, or not yet. */
export function textAt(value: PlanValue, name: string): string | undefined {
  const text = isPlanObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}
