import { pipeline } from 'node:stream/promises';
import { type File, type FileMetadata, Storage } from '@google-cloud/storage';
import { asTuneError, isMistake, TuneError } from '../core/errors/errors.ts';
import { kindOfObjectStatus } from '../core/errors/google-codes.ts';
import { gsUri } from '../core/objects/gs-uri.ts';
import type { ObjectInfo, ObjectRef, ObjectStore } from '../ports.ts';
import { readVersion } from './gcs-read.ts';
import { withDeadline, withRetries } from './retry.ts';

const CALL_MS = 30_000;
/** A server-side copy between locations moves the bytes; it may take its time. */
const COPY_MS = 300_000;

/**
 * Cloud Storage through Google's client. The client's own retries are off: on Node 24 a 503 on a download ends in an
 * uncaught ERR_STREAM_UNABLE_TO_PIPE (storage 8.4.0), and it neither times out nor resumes a broken download.
 */
export function createObjectStore(project: string): ObjectStore {
  const storage = new Storage({ projectId: project, retryOptions: { autoRetry: false } });
  const fileOf = ({ bucket, name, generation }: ObjectRef & { generation?: string }): File =>
    storage.bucket(bucket).file(name, generation === undefined ? {} : { generation });

  const call = <Value>(
    doing: string,
    object: ObjectRef,
    work: () => Promise<Value>,
    ms = CALL_MS,
  ): Promise<Value> =>
    withRetries(() =>
      withDeadline(work(), ms, `${doing} ${gsUri(object)}`).catch((error: unknown) => {
        throw storageError(error, `${doing} ${gsUri(object)}`);
      }),
    );

  const store: ObjectStore = {
    async stat({ bucket, name }) {
      const object = { bucket, name };
      return unlessStatus(404, async () => {
        const [metadata] = await call('looking at', object, () => fileOf(object).getMetadata());
        return infoOf(object, metadata);
      });
    },

    async read(version, maxBytes) {
      return unlessStatus(404, () => readFirst(store.stream(version), maxBytes));
    },

    stream: (version) =>
      readVersion({
        open: (offset) =>
          fileOf(version).createReadStream({ start: offset, validation: false, decompress: false }),
        metadata: async () => (await call('looking at', version, () => fileOf(version).getMetadata()))[0],
        toError: (error) => storageError(error, `reading ${gsUri(version)}`),
        uri: gsUri(version),
      }),

    async copy(from, to) {
      return unlessStatus(404, async () => {
        const copied = await unlessStatus(412, () =>
          call(
            'copying',
            from,
            () => fileOf(from).copy(fileOf(to), { preconditionOpts: { ifGenerationMatch: 0 } }),
            COPY_MS,
          ),
        );
        const there = await store.stat(to);
        if (!there && copied)
          throw new TuneError('ambiguous', `the copy ${gsUri(to)} is not there`, { reason: 'CopyLost' });
        return there;
      });
    },

    async write(object, { body, contentType, metadata, ifGenerationMatch }) {
      const options = {
        resumable: false,
        contentType,
        metadata: { contentType, metadata: metadata ?? {} },
        preconditionOpts: ifGenerationMatch === undefined ? {} : { ifGenerationMatch },
      };
      const written = await unlessStatus(412, async () => {
        if (typeof body === 'string') await call('writing', object, () => fileOf(object).save(body, options));
        else
          await call(
            'writing',
            object,
            () => pipeline(body(), fileOf(object).createWriteStream(options)),
            COPY_MS,
          );
        return true;
      });
      return written === true;
    },
  };
  return store;
}

async function readFirst(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes);
}

function infoOf({ bucket, name }: ObjectRef, metadata: FileMetadata): ObjectInfo {
  return {
    bucket,
    name,
    generation: String(metadata.generation),
    sizeBytes: Number(metadata.size ?? 0),
    crc32c: metadata.crc32c ?? '',
    timeCreated: metadata.timeCreated ?? '',
    contentEncoding: metadata.contentEncoding || undefined,
    metadata: Object.fromEntries(
      Object.entries(metadata.metadata ?? {}).map(([key, value]) => [key, String(value)]),
    ),
  };
}

/** Undefined when the answer was this status. */
async function unlessStatus<Value>(status: number, work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TuneError && error.httpStatus === status) return undefined;
    throw error;
  }
}

/** What the client throws, sorted by what another try can do. */
function storageError(thrown: unknown, doing: string): TuneError {
  if (thrown instanceof TuneError || isMistake(thrown)) return asTuneError(thrown);
  const code = Number((thrown as { code?: unknown }).code);
  const httpStatus = Number.isInteger(code) && code >= 100 && code < 600 ? code : undefined;
  const kind = kindOfObjectStatus(httpStatus);
  return new TuneError(kind, `${doing}: ${asTuneError(thrown).message.slice(0, 500)}`, {
    reason: kind === 'environment' ? 'StorageDenied' : 'StorageFailed',
    httpStatus,
    cause: thrown,
  });
}
