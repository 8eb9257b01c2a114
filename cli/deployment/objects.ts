import { setTimeout as wait } from 'node:timers/promises';
import { type CallApi, CallFailed } from './call.ts';
import type { LocalOrigins } from './find.ts';

/** An object as it is now. */
export interface ObjectFacts {
  generation: string;
  sizeBytes: number;
  /** Base64; objects that were composed of others have none. */
  md5?: string | undefined;
  /** As its metadata have it; without it the object is not packed. */
  contentEncoding?: string | undefined;
}

/** Bytes that are to be uploaded, which can be read again. */
export interface UploadSource {
  sizeBytes: number;
  md5: string;
  /** From `from` up to, and without, `to`. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface UploadConditions {
  /** The generation that the object has now, 0 where it is not there: another one refuses the upload. */
  ifGeneration: string;
  onProgress?: (bytes: number) => void;
}

interface Place {
  bucket: string;
  name: string;
}

/** The objects of a deployment over the JSON API of Cloud Storage. */
export interface Objects {
  stat(place: Place): Promise<ObjectFacts | undefined>;
  /** Undefined where it is not there. */
  read(place: Place): Promise<{ bytes: Uint8Array; generation: string } | undefined>;
  /** The bytes of one generation, part after part, so that a large object is never all in memory. */
  stream(place: Place, facts: ObjectFacts): AsyncGenerator<Uint8Array>;
  /** Throws `ObjectChanged` where the object is not the one that was said. */
  upload(place: Place, source: UploadSource, options: UploadConditions): Promise<ObjectFacts>;
  remove(place: Place, ifGeneration: string): Promise<void>;
}

/** Somebody else changed the object meanwhile. */
class ObjectChanged extends Error {
  constructor({ bucket, name }: Place) {
    super(`gs://${bucket}/${name} was changed by somebody else meanwhile. Look at it, and run this again.`);
    this.name = 'ObjectChanged';
  }
}

/** Cloud Storage takes multiples of 256 KiB: cloud.google.com/storage/docs/performing-resumable-uploads. */
const CHUNK_BYTES = 8 * 1024 * 1024;
const TRIES = 5;
const PAUSE_MS = 500;

const FIELDS = 'generation,size,md5Hash,contentEncoding';

export function createObjects(call: CallApi, local: LocalOrigins | undefined): Objects {
  const origin = local ? local.storage : 'https://storage.googleapis.com';
  if (origin === '')
    throw new Error('STORAGE_EMULATOR_HOST is not set beside the other emulators: where are the buckets?');
  const objectUrl = ({ bucket, name }: Place, query: string) =>
    `${origin}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?${query}`;
  const get = async (place: Place, query: string, headers: Record<string, string> = {}) => {
    const url = objectUrl(place, query);
    const doing = `reading gs://${place.bucket}/${place.name}`;
    const response = await call({ url, headers, doing, accepts: [404] });
    return response.status === 404 ? undefined : response;
  };
  return {
    async stat(place) {
      const response = await get(place, `fields=${FIELDS}`);
      return response && factsOf((await response.json()) as Resource);
    },
    async read(place) {
      const response = await get(place, 'alt=media');
      if (response === undefined) return undefined;
      const generation = response.headers.get('x-goog-generation') ?? '';
      return { bytes: await response.bytes(), generation };
    },
    async *stream(place, { generation, sizeBytes }) {
      for (let from = 0; from < sizeBytes; from += CHUNK_BYTES) {
        const range = `bytes=${from}-${Math.min(sizeBytes, from + CHUNK_BYTES) - 1}`;
        const response = await get(place, `alt=media&generation=${generation}`, { range });
        if (response === undefined) throw new ObjectChanged(place);
        yield await response.bytes();
      }
    },
    async upload(place, source, { ifGeneration, onProgress = () => {} }) {
      const { bucket, name } = place;
      const query = new URLSearchParams({
        uploadType: 'resumable',
        name,
        ifGenerationMatch: ifGeneration,
        fields: FIELDS,
      });
      const started = await call({
        method: 'POST',
        url: `${origin}/upload/storage/v1/b/${bucket}/o?${query}`,
        // The service refuses bytes that are others.
        body: { md5Hash: source.md5, contentType: contentTypeOf(name) },
        doing: `uploading gs://${bucket}/${name}`,
        accepts: [412],
        isRepeatable: true,
      });
      if (started.status === 412) throw new ObjectChanged(place);
      const session = started.headers.get('location') ?? '';
      return sendAll({ call, place, source, session, onProgress });
    },
    async remove(place, ifGeneration) {
      const response = await call({
        method: 'DELETE',
        url: objectUrl(place, `ifGenerationMatch=${ifGeneration}`),
        doing: `removing gs://${place.bucket}/${place.name}`,
        accepts: [404, 412],
      });
      if (response.status === 412) throw new ObjectChanged(place);
    },
  };
}

interface Sending {
  call: CallApi;
  place: Place;
  source: UploadSource;
  /** The address of the upload. */
  session: string;
  onProgress: (bytes: number) => void;
}

/** Sends chunk after chunk; where an answer was lost, the service says how much it has. */
async function sendAll(sending: Sending): Promise<ObjectFacts> {
  let from = 0;
  for (let failures = 0; ; ) {
    const answer = await sendChunk(sending, from).catch((error: unknown) => {
      if (!isPassing(error) || ++failures === TRIES) throw error;
      return undefined;
    });
    if (answer === undefined) {
      await wait(PAUSE_MS * 2 ** failures);
      const asked = await ask(sending);
      if ('facts' in asked) return asked.facts;
      from = asked.received;
    } else if ('facts' in answer) {
      return answer.facts;
    } else {
      from = answer.received;
      failures = 0;
    }
    sending.onProgress(from);
  }
}

type Answer = { facts: ObjectFacts } | { received: number };

async function sendChunk({ source, ...sending }: Sending, from: number): Promise<Answer> {
  const to = Math.min(source.sizeBytes, from + CHUNK_BYTES);
  const body = await source.read(from, to);
  const range = to === from ? `*/${source.sizeBytes}` : `${from}-${to - 1}/${source.sizeBytes}`;
  return put(sending, range, body);
}

const ask = ({ source, ...sending }: Sending) => put(sending, `*/${source.sizeBytes}`, undefined);

async function put(
  { call, place, session }: Omit<Sending, 'source'>,
  range: string,
  body: Uint8Array<ArrayBuffer> | undefined,
): Promise<Answer> {
  const response = await call({
    method: 'PUT',
    url: session,
    headers: { 'content-range': `bytes ${range}` },
    body: body ?? new Uint8Array(),
    doing: `uploading gs://${place.bucket}/${place.name}`,
    // 308: go on.
    accepts: [308, 412],
  });
  if (response.status === 412) throw new ObjectChanged(place);
  if (response.status !== 308) return { facts: factsOf((await response.json()) as Resource) };
  const last = /-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1];
  return { received: last === undefined ? 0 : Number(last) + 1 };
}

const isPassing = (error: unknown) =>
  error instanceof CallFailed &&
  (error.httpStatus === undefined || error.httpStatus === 429 || error.httpStatus >= 500);

interface Resource {
  generation: string;
  size: string;
  md5Hash?: string;
  contentEncoding?: string;
}

const factsOf = ({ generation, size, md5Hash, contentEncoding }: Resource): ObjectFacts => ({
  generation,
  sizeBytes: Number(size),
  md5: md5Hash,
  contentEncoding,
});

const contentTypeOf = (name: string) =>
  name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
