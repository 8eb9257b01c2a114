import type * as z from 'zod';
import { askVertex } from './answer.ts';
import type { VertexCall, VertexClient } from './client.ts';

/** A list of Vertex AI, which is read page by page. */
export type ListCall = Pick<VertexCall, 'url' | 'doing'> & { query: Record<string, string> };

/** Every page of a list, in its order. Throws TuneError. */
export async function* pagesOf<Page extends { nextPageToken?: string | undefined }>(
  vertex: VertexClient,
  schema: z.ZodType<Page>,
  { url, doing, query }: ListCall,
): AsyncGenerator<Page> {
  let pageToken: string | undefined;
  do {
    const asked = pageToken ? { ...query, pageToken } : query;
    const page: Page = await askVertex(vertex, schema, { method: 'GET', url, query: asked, doing });
    yield page;
    pageToken = page.nextPageToken;
  } while (pageToken);
}
