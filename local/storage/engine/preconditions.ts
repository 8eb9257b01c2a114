/** Request preconditions. https://cloud.google.com/storage/docs/request-preconditions */

import { conditionNotMet, notModified } from '../api-error.ts';

export const CONDITIONS = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
] as const;

type Condition = (typeof CONDITIONS)[number];

/** int64 values stay text, as they came. */
export type Preconditions = { [condition in Condition]?: string };

/** What conditions ask about: an object, or a bucket, which has no generations here. */
interface Versioned {
  generation?: number;
  metageneration: number;
}

/** Generation 0 stands for "no object": `ifGenerationMatch=0` creates only, `ifGenerationNotMatch=0` wants one. */
const HOLDS: Record<Condition, (wanted: string, current: Versioned | undefined) => boolean> = {
  ifGenerationMatch: (wanted, current) => String(current?.generation ?? 0) === wanted,
  ifGenerationNotMatch: (wanted, current) => String(current?.generation ?? 0) !== wanted,
  ifMetagenerationMatch: (wanted, current) => String(current?.metageneration) === wanted,
  ifMetagenerationNotMatch: (wanted, current) => String(current?.metageneration) !== wanted,
};

/** Throws 412 when a condition fails. A read that fails a `NotMatch` is 304: the caller has that version. */
export function checkPreconditions(
  conditions: Preconditions,
  current: Versioned | undefined,
  purpose: 'read' | 'write',
): void {
  for (const condition of CONDITIONS) {
    const wanted = conditions[condition];
    if (wanted === undefined || HOLDS[condition](wanted, current)) continue;
    throw purpose === 'read' && condition.includes('NotMatch') ? notModified() : conditionNotMet();
  }
}
