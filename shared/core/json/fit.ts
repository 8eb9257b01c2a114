import type * as z from 'zod';

/** Mistakes that are worth a look; the rest follow from them, mostly. */
const SHOWN = 3;

/** Where a value does not fit its schema, and why, for a log: paths and expectations, never the value itself. */
export function misfitOf(error: z.ZodError): string {
  const places = error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'document'}: ${message}`,
  );
  const more = places.length - SHOWN;
  return `${places.slice(0, SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
