import { parseGsUri } from './objects.ts';

/** Writes a whole object at `gs://bucket/object`, over what was there. Rejects when the storage does not take it. */
export type ObjectWriter = (gsUri: string, bytes: Uint8Array, contentType: string) => Promise<void>;

/** Writes through the JSON API of Cloud Storage at `storageBaseUrl` (`http://127.0.0.1:PORT`). */
export function storageWriter(storageBaseUrl: string): ObjectWriter {
  return async (gsUri, bytes, contentType) => {
    const at = parseGsUri(gsUri);
    if (!at) throw new Error(`${gsUri} is no object of Cloud Storage`);
    const query = new URLSearchParams({ uploadType: 'media', name: at.object });
    const url = `${storageBaseUrl}/upload/storage/v1/b/${encodeURIComponent(at.bucket)}/o?${query}`;
    const headers = { authorization: 'Bearer local', 'content-type': contentType };
    const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`storage answered ${response.status} for ${gsUri}`);
  };
}
