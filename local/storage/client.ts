/** Cloud Storage from outside, through its public JSON API, whoever serves it: what is done by hand is done with this. */

import { BY_HAND } from './http/call.ts';
import type { ObjectResource } from './http/resource.ts';

export interface NewObject {
  bucket: string;
  name: string;
  contentType: string;
  /** A body that throws makes no object. */
  body: AsyncIterable<Uint8Array>;
}

export type StorageClient = ReturnType<typeof createStorageClient>;

/** `baseUrl` is `http://HOST:PORT`, as STORAGE_EMULATOR_HOST has it. */
export function createStorageClient(baseUrl: string) {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { ...init.headers, 'user-agent': BY_HAND };
    const answer = await fetch(`${baseUrl}${path}`, { ...init, headers });
    if (answer.ok) return answer;
    const text = await answer.text();
    throw new StorageRefusal(
      answer.status,
      `${init.method ?? 'GET'} ${path} answered ${answer.status}: ${text}`,
    );
  };

  return {
    /** Makes the object, or its next generation. */
    async upload({ bucket, name, contentType, body }: NewObject): Promise<ObjectResource> {
      const query = new URLSearchParams({ uploadType: 'media', name });
      const answer = await call(`/upload/storage/v1/b/${bucket}/o?${query}`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: ReadableStream.from(body),
        duplex: 'half',
      });
      return (await answer.json()) as ObjectResource;
    },

    /** Deletes this generation of an object; one that is not there any more is left alone. */
    async remove({
      bucket,
      name,
      generation,
    }: {
      bucket: string;
      name: string;
      generation: string;
    }): Promise<void> {
      const query = new URLSearchParams({ ifGenerationMatch: generation });
      try {
        await call(`/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?${query}`, { method: 'DELETE' });
      } catch (error) {
        if (!(error instanceof StorageRefusal && [404, 412].includes(error.status))) throw error;
      }
    },

    /** Every object of the bucket, page by page. */
    async *list(bucket: string): AsyncGenerator<ObjectResource> {
      let pageToken = '';
      do {
        const query = pageToken ? `?${new URLSearchParams({ pageToken })}` : '';
        const answer = await call(`/storage/v1/b/${bucket}/o${query}`);
        const page = (await answer.json()) as { items?: ObjectResource[]; nextPageToken?: string };
        yield* page.items ?? [];
        pageToken = page.nextPageToken ?? '';
      } while (pageToken);
    },

    /** Makes the bucket, where it is not there yet. */
    async ensureBucket(projectId: string, name: string): Promise<void> {
      const query = new URLSearchParams({ project: projectId });
      const headers = { 'content-type': 'application/json' };
      try {
        await call(`/storage/v1/b?${query}`, { method: 'POST', headers, body: JSON.stringify({ name }) });
      } catch (error) {
        if (!(error instanceof StorageRefusal && error.status === 409)) throw error;
      }
    },
  };
}

/** An answer that is an error. */
class StorageRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'StorageRefusal';
    this.status = status;
  }
}
