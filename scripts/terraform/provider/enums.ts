import type { BlockSchema } from '../schema.ts';
import { isPlanObject, type PlanValue } from './values.ts';

/** What a configuration sets to a value that the provider does not take. */
export interface EnumProblem {
  /** Names from the resource inwards; blocks that stand more than once are not distinguished. */
  path: string[];
  sentence: string;
}

export function checkEnums(block: BlockSchema, value: PlanValue, path: string[] = []): EnumProblem[] {
  if (Array.isArray(value)) return value.flatMap((element) => checkEnums(block, element, path));
  if (!isPlanObject(value)) return [];
  const own = Object.entries(block.attributes ?? {}).flatMap(([name, { enum: choices }]) => {
    const given = value[name];
    if (!choices || typeof given !== 'string' || choices.includes(given)) return [];
    const sentence = `expected ${[...path, name].join('.')} to be one of ${choices.join(', ')}, got ${given}`;
    return [{ path: [...path, name], sentence }];
  });
  const nested = Object.entries(block.block_types ?? {}).flatMap(([name, inner]) =>
    checkEnums(inner.block, value[name] ?? null, [...path, name]),
  );
  return [...own, ...nested];
}
