import type * as z from 'zod';
import { TuneError } from '../../core/errors/errors.ts';
import { misfitOf } from '../../core/json/fit.ts';
import type { VertexCall, VertexClient } from './client.ts';

/** Calls Vertex AI and reads its answer. Throws `unknownAnswer`, with the paths that did not fit, besides what the client throws. */
export async function askVertex<Schema extends z.ZodType>(
  vertex: VertexClient,
  schema: Schema,
  call: VertexCall,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await vertex(call));
  if (parsed.success) return parsed.data;
  throw new TuneError(
    'unknownAnswer',
    `Vertex AI answered ${call.doing} in a shape that this version does not know: ${misfitOf(parsed.error, 'answer')}.`,
    { reason: 'UnknownAnswer', cause: parsed.error },
  );
}
