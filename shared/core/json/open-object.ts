import * as z from 'zod';

/**
 * An object of which more may be written one day: fields that the schema does not know are kept when it is read, and so when it
 * is written again, though its type does not have them.
 */
export function openObject<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape> {
  // The type of a loose object would let any name through, also a misspelled one.
  return z.looseObject(shape) as unknown as z.ZodObject<Shape>;
}
