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

/** Reads every place at once, and gives what was read of those that could be; `onUnread` hears of the others. */
export async function readEach<Item>(
  places: readonly string[],
  read: (place: string) => Promise<Item[]>,
  onUnread: (thrown: unknown) => void,
): Promise<Item[]> {
  const readOne = (place: string) =>
    read(place).catch((thrown: unknown) => {
      onUnread(thrown);
      return [];
    });
  return (await Promise.all(places.map(readOne))).flat();
}
