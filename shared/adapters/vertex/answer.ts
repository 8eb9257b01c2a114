import type * as z from 'zod';
import { TuneError } from '../../core/errors/errors.ts';
import type { VertexCall, VertexClient } from './client.ts';

/** Problems that are named of one answer; an answer of another shape may have hundreds. */
const MAXIMUM_PROBLEMS = 5;

/** Calls Vertex AI and reads its answer. Throws `unknownAnswer`, with the paths that did not fit, besides what the client throws. */
export async function askVertex<Schema extends z.ZodType>(
  vertex: VertexClient,
  schema: Schema,
  call: VertexCall,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await vertex(call));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, MAXIMUM_PROBLEMS)
    .map(({ path, message }) => `${path.join('.') || 'the whole answer'}: ${message}`);
  throw new TuneError(
    'unknownAnswer',
    `Vertex AI answered ${call.doing} in a shape that this version does not know: ${problems.join('; ')}.`,
    { reason: 'UnknownAnswer', cause: parsed.error },
  );
}
