import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { ObjectResource } from './resource.ts';

/** A Cloud Storage that somebody else runs: what the pipeline needs of it beside Google's client. */
export interface ExternalStorage {
  upload(bucket: string, name: string, file: string): Promise<void>;
  close(): void;
}

export interface ExternalStorageOptions {
  /** `http://HOST:PORT`, as STORAGE_EMULATOR_HOST has it. */
  baseUrl: string;
  buckets: string[];
  projectId: string;
  clock: Clock;
  log: (line: string) => void;
  onFinalized: (object: ObjectResource, eventId: string) => void;
}

const LOOK_MS = 500;

/** Makes the buckets and looks for new objects by listing: an emulator sends no events that Eventarc could take. */
export async function connectExternalStorage(options: ExternalStorageOptions): Promise<ExternalStorage> {
  const { baseUrl, buckets, projectId, clock, log, onFinalized } = options;
  const known = new Set<string>();
  let closed = false;

  for (const name of buckets) {
    await fetch(`${baseUrl}/storage/v1/b?project=${projectId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
  }

  const look = async () => {
    for (const bucket of buckets) {
      for await (const object of listObjects(baseUrl, bucket)) {
        const id = `${bucket}/${object.name}#${object.generation}`;
        if (known.has(id)) continue;
        known.add(id);
        onFinalized(object, id);
      }
    }
  };
  const again = () => {
    if (closed) return;
    look()
      .catch((error: unknown) => log(`listing failed: ${String(error)}`))
      .finally(() => clock.after(LOOK_MS, again));
  };
  again();

  return {
    async upload(bucket, name, file) {
      const query = new URLSearchParams({ uploadType: 'media', name });
      const answer = await fetch(`${baseUrl}/upload/storage/v1/b/${bucket}/o?${query}`, {
        method: 'POST',
        body: await readFile(file),
      });
      if (!answer.ok) throw new Error(`uploading ${name} answered ${answer.status}`);
    },
    close() {
      closed = true;
    },
  };
}

async function* listObjects(baseUrl: string, bucket: string): AsyncGenerator<ObjectResource> {
  let pageToken = '';
  do {
    const query = pageToken ? `?${new URLSearchParams({ pageToken })}` : '';
    const answer = await fetch(`${baseUrl}/storage/v1/b/${bucket}/o${query}`);
    const page = (await answer.json()) as { items?: ObjectResource[]; nextPageToken?: string };
    yield* page.items ?? [];
    pageToken = page.nextPageToken ?? '';
  } while (pageToken);
}
