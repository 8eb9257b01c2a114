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
    return {
      size: Number(size),
      generation,
      // The generation pins the bytes: an object that is replaced while it is read is an error, not a mixture.
      lines: () => readLines(`${url}?alt=media&generation=${generation}`, gsUri),
    };
  };
}

const HEADERS = { authorization: 'Bearer local' };

async function* readLines(url: string, gsUri: string): AsyncIterable<string> {
  const response = await fetch(url, { headers: HEADERS });
  if (!response.ok || !response.body) throw new Error(`storage answered ${response.status} for ${gsUri}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);
