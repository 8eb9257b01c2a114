import type * as z from 'zod';

/** Places that are named of one value; one of another shape may have hundreds. */
const SHOWN = 5;

/** Where a document or an answer does not fit its schema, and why: paths and expectations, never the value itself. */
export function misfitOf(error: z.ZodError, what: 'document' | 'answer'): string {
  const places = error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || `the whole ${what}`}: ${message}`,
  );
  const more = places.length - SHOWN;
  return `${places.slice(0, SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
