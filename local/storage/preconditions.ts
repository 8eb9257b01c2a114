/** Request preconditions. https://cloud.google.com/storage/docs/request-preconditions */

import { apiError, conditionNotMet, notModified } from './api-error.ts';
import type { StoredObject } from './resource.ts';

const CONDITIONS = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
] as const;

type Condition = (typeof CONDITIONS)[number];

/** int64 values stay text, as they came. */
export type Preconditions = { [condition in Condition]?: string };

/** Reads the preconditions of a query; `prefix` is `ifSource` for those on the source of a copy. */
export function parsePreconditions(query: URLSearchParams, prefix: 'if' | 'ifSource' = 'if'): Preconditions {
  const found: Preconditions = {};
  for (const condition of CONDITIONS) {
    const value = query.get(condition.replace(/^if/, prefix));
    if (value === null) continue;
    if (!/^\d+$/.test(value)) throw apiError(400, `Invalid value for: ${condition}`);
    found[condition] = value;
  }
  return found;
}

/** Generation 0 stands for "no object": `ifGenerationMatch=0` creates only, `ifGenerationNotMatch=0` wants one. */
const HOLDS: Record<Condition, (wanted: string, current: StoredObject | undefined) => boolean> = {
  ifGenerationMatch: (wanted, current) => String(current?.generation ?? 0) === wanted,
  ifGenerationNotMatch: (wanted, current) => String(current?.generation ?? 0) !== wanted,
  ifMetagenerationMatch: (wanted, current) => String(current?.metageneration) === wanted,
  ifMetagenerationNotMatch: (wanted, current) => String(current?.metageneration) !== wanted,
};

/** Throws 412 when a condition fails. A read that fails a `NotMatch` is 304: the caller has that version. */
export function checkPreconditions(
  conditions: Preconditions,
  current: StoredObject | undefined,
  purpose: 'read' | 'write',
): void {
  for (const condition of CONDITIONS) {
    const wanted = conditions[condition];
    if (wanted === undefined || HOLDS[condition](wanted, current)) continue;
    throw purpose === 'read' && condition.includes('NotMatch') ? notModified() : conditionNotMet();
  }
}
