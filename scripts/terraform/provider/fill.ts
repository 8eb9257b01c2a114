import type { AttributeSchema, BlockSchema } from '../schema.ts';
import { isPlanObject, type ObjectValue, type PlanValue } from './values.ts';

export interface NamedAttribute extends AttributeSchema {
  name: string;
}

/** Gives the value of an attribute that has none; `siblings` are the others of its block. */
export type Fill = (attribute: NamedAttribute, siblings: ObjectValue) => PlanValue;

/** The same values with every computed attribute filled in for which `isMissing` holds, in nested blocks too. */
export function fillComputed(
  block: BlockSchema,
  value: PlanValue,
  how: { isMissing: (value: PlanValue) => boolean; fill: Fill },
): PlanValue {
  if (!isPlanObject(value)) return value;
  const filled: ObjectValue = { ...value };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.computed && how.isMissing(value[name] ?? null)) {
      filled[name] = how.fill({ ...attribute, name }, filled);
    }
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = value[name] ?? null;
    const one = (element: PlanValue) => fillComputed(nested.block, element, how);
    filled[name] = Array.isArray(inner) ? inner.map(one) : one(inner);
  }
  return filled;
}
