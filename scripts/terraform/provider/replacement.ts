import type { BlockSchema } from '../schema.ts';
import { equalPlanValues, isPlanObject, type ObjectValue, type PlanValue } from './values.ts';

/** The arguments and blocks of a resource whose change, here or further inside, makes a new one of it. */
export function replacingArguments(block: BlockSchema, prior: PlanValue, planned: PlanValue): string[] {
  const [before, after] = [fixedPart(block, prior), fixedPart(block, planned)];
  if (!isPlanObject(before) || !isPlanObject(after)) return [];
  return Object.keys(before).filter((name) => !equalPlanValues(before[name] ?? null, after[name] ?? null));
}

/** Only what cannot change in place. */
function fixedPart(block: BlockSchema, value: PlanValue): PlanValue {
  if (!isPlanObject(value)) return value;
  const part: ObjectValue = {};
  for (const [name, { force_new }] of Object.entries(block.attributes ?? {})) {
    if (force_new) part[name] = value[name] ?? null;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    if (!hasFixedPart(nested.block)) continue;
    const inner = value[name] ?? null;
    part[name] = Array.isArray(inner)
      ? inner.map((element) => fixedPart(nested.block, element))
      : fixedPart(nested.block, inner);
  }
  return part;
}

function hasFixedPart({ attributes = {}, block_types = {} }: BlockSchema): boolean {
  return (
    Object.values(attributes).some(({ force_new }) => force_new) ||
    Object.values(block_types).some(({ block }) => hasFixedPart(block))
  );
}
