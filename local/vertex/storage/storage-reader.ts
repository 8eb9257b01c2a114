import { type ObjectReader, parseGsUri } from './objects.ts';

/** Reads through the JSON API of Cloud Storage at `storageBaseUrl` (`http://127.0.0.1:PORT`), streaming. */
export function storageReader(storageBaseUrl: string): ObjectReader {
  return async (gsUri) => {
    const at = parseGsUri(gsUri);
    if (!at) return undefined;
    const url = `${storageBaseUrl}/storage/v1/b/${encodeURIComponent(at.bucket)}/o/${encodeURIComponent(at.object)}`;
    const response = await fetch(url, { headers: HEADERS });
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) throw new Error(`storage answered ${response.status} for ${gsUri}`);
    const { size, generation } = (await response.json()) as { size: string; generation: string };
    // The generation pins the bytes: an object that is replaced while it is read is an error, not a mixture.
    const media = `${url}?alt=media&generation=${generation}`;
    return {
      size: Number(size),
      generation,
      lines: () => readLines(media, gsUri),
      bytes: async () => new Uint8Array(await (await readMedia(media, gsUri)).arrayBuffer()),
    };
  };
}

const HEADERS = { authorization: 'Bearer local' };

async function readMedia(url: string, gsUri: string): Promise<Response> {
  const response = await fetch(url, { headers: HEADERS });
  if (!response.ok) throw new Error(`storage answered ${response.status} for ${gsUri}`);
  return response;
}

async function* readLines(url: string, gsUri: string): AsyncIterable<string> {
  const { body } = await readMedia(url, gsUri);
  if (!body) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);
