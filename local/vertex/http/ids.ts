import { createHash } from 'node:crypto';

const digest = (parts: string[]) => createHash('sha256').update(parts.join('\n')).digest();

/**
 * A signed 64-bit id as the JSON API writes it: a decimal string that may be negative, as real task ids are.
 * The same parts give the same id, so a step that runs again after a crash names the same things.
 */
export const int64Id = (...parts: string[]): string => digest(parts).readBigInt64BE().toString();

/** A positive 63-bit id for resources (models, endpoints, operations). */
export const resourceId = (...parts: string[]): string =>
  BigInt.asUintN(63, digest(parts).readBigUInt64BE()).toString();
