import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, type File, type FileMetadata, Storage } from '@google-cloud/storage';
import { asTuneError, isMistake, TuneError } from '../core/errors/errors.ts';
import { kindOfObjectStatus } from '../core/errors/google-codes.ts';
import { gsUri } from '../core/objects/gs-uri.ts';
import type { ObjectVersion } from '../core/objects/version.ts';
import { remedyOfStorage } from '../core/tuning/grants.ts';
import type {
  FileNameQuery,
  ObjectContent,
  ObjectInfo,
  ObjectPage,
  ObjectRef,
  ObjectStore,
  ReadableVersion,
} from '../ports.ts';
import { readVersion } from './gcs-read.ts';
import { withDeadline, withRetries } from './retry.ts';

const CALL_MS = 30_000;
/** A server-side copy between locations moves the bytes; it may take its time. */
const COPY_MS = 300_000;
/** Names of a page; Cloud Storage gives no more. */
const PAGE_SIZE = 1_000;

export function createObjectStore(project: string, pageSize = PAGE_SIZE): ObjectStore {
  const client = connectStorage(project);
  const stream = (version: ReadableVersion) => streamVersion(client, version);
  return {
    stream,
    stat: (object) => statObject(client, object),
    read: (version, maxBytes) => unlessStatus(404, () => readFirst(stream(version), maxBytes)),
    copy: (from, to) => unlessStatus(404, () => copyObject(client, from, to)),
    write: (object, content) => writeObject(client, object, content),
    list: (query) => listObjects(client, query, pageSize),
  };
}

interface StorageClient {
  fileOf(object: ObjectRef & { generation?: string }): File;
  bucketOf(name: string): Bucket;
  /** Tries again what a client that does not retry gave up, within a deadline for each try. */
  call<Value>(doing: string, object: ObjectRef, attempt: Attempt<Value>): Promise<Value>;
}

interface Attempt<Value> {
  work: () => Promise<Value>;
  deadlineMs?: number;
}

/**
 * Cloud Storage through Google's client. The client's own retries are off: on Node 24 a 503 on a download ends in an
 * uncaught ERR_STREAM_UNABLE_TO_PIPE (storage 8.4.0), and it neither times out nor resumes a broken download.
 */
function connectStorage(project: string): StorageClient {
  const storage = new Storage({ projectId: project, retryOptions: { autoRetry: false } });
  return {
    fileOf: ({ bucket, name, generation }) =>
      storage.bucket(bucket).file(name, generation === undefined ? {} : { generation }),
    bucketOf: (name) => storage.bucket(name),
    call(step, object, { work, deadlineMs = CALL_MS }) {
      const doing = `${step} ${gsUri(object)}`;
      return withRetries(() =>
        withDeadline(work(), deadlineMs, doing).catch((error: unknown) => {
          throw storageError(error, doing);
        }),
      );
    },
  };
}

function statObject(client: StorageClient, { bucket, name }: ObjectRef): Promise<ObjectInfo | undefined> {
  const object = { bucket, name };
  return unlessStatus(404, async () => infoOf(object, await metadataOf(client, object)));
}

async function metadataOf({ fileOf, call }: StorageClient, object: ObjectRef): Promise<FileMetadata> {
  const [metadata] = await call('looking at', object, { work: () => fileOf(object).getMetadata() });
  return metadata;
}

function streamVersion(client: StorageClient, version: ReadableVersion): AsyncIterable<Uint8Array> {
  return readVersion({
    open: (offset) => openVersion(client, version, offset),
    content: async () => knownOf(version) ?? infoOf(version, await metadataOf(client, version)),
    toError: (error) => storageError(error, `reading ${gsUri(version)}`),
    uri: gsUri(version),
  });
}

/** Google's client hangs eleven listeners on the body of an answer, which ends with its download; Node warns of more than ten. */
const LISTENERS_OF_DOWNLOAD = 12;

function openVersion({ fileOf }: StorageClient, version: ObjectVersion, start: number): Readable {
  const stream = fileOf(version).createReadStream({ start, validation: false, decompress: false });
  return stream.once('response', (body: Readable) => body.setMaxListeners(LISTENERS_OF_DOWNLOAD));
}

/** Leaves alone what is there already: the answer says what that is. */
async function copyObject(client: StorageClient, from: ObjectVersion, to: ObjectRef) {
  const { fileOf, call } = client;
  const work = () => fileOf(from).copy(fileOf(to), { preconditionOpts: { ifGenerationMatch: 0 } });
  const copied = await unlessStatus(412, () => call('copying', from, { work, deadlineMs: COPY_MS }));
  const { resource } = (copied?.[1] ?? {}) as { resource?: FileMetadata };
  if (resource) return infoOf(to, resource);
  const there = await statObject(client, to);
  if (!there && copied)
    throw new TuneError('ambiguous', `the copy ${gsUri(to)} is not there`, { reason: 'CopyLost' });
  return there;
}

async function writeObject({ fileOf, call }: StorageClient, object: ObjectRef, content: ObjectContent) {
  const { body, contentType, metadata = {}, ifGenerationMatch } = content;
  const options = {
    resumable: false,
    contentType,
    metadata: { contentType, metadata },
    preconditionOpts: ifGenerationMatch === undefined ? {} : { ifGenerationMatch },
  };
  const attempt =
    typeof body === 'string'
      ? { work: () => fileOf(object).save(body, options) }
      : {
          work: () => pipeline(body(), fileOf(object).createWriteStream(options)),
          deadlineMs: COPY_MS,
        };
  const written = await unlessStatus(412, async () => {
    await call('writing', object, attempt);
    return true;
  });
  return written === true;
}

/** Names are matched by Cloud Storage, so that a bucket of many data sets costs no more calls. */
async function listObjects(
  { bucketOf, call }: StorageClient,
  { bucket, fileName, endings = [], pageToken }: FileNameQuery,
  maxResults: number,
): Promise<ObjectPage> {
  const names = [fileName, ...endings.map((ending) => `*${ending}`)];
  const query = {
    matchGlob: `{${names.flatMap((name) => [name, `**/${name}`]).join(',')}}`,
    maxResults,
    autoPaginate: false,
    fields: 'items(name,generation,timeCreated),nextPageToken',
  };
  const work = () => bucketOf(bucket).getFiles(pageToken === undefined ? query : { ...query, pageToken });
  const [files, next] = await call('listing', { bucket, name: '' }, { work });
  // Where fields are chosen, the client gives what was answered, and no Files.
  const objects = (files as unknown as FileMetadata[]).map(({ name = '', generation, timeCreated = '' }) => ({
    ...{ bucket, name, generation: String(generation), timeCreated },
  }));
  return { objects, nextPageToken: (next as { pageToken?: string } | null)?.pageToken };
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
    md5Hash: metadata.md5Hash || undefined,
    timeCreated: metadata.timeCreated ?? '',
    contentType: metadata.contentType || undefined,
    contentEncoding: metadata.contentEncoding || undefined,
    metadata: Object.fromEntries(
      Object.entries(metadata.metadata ?? {}).map(([key, value]) => [key, String(value)]),
    ),
  };
}

/** What whoever looked at this version says of its content. */
function knownOf({ sizeBytes, crc32c, md5Hash }: ReadableVersion) {
  return sizeBytes === undefined || !crc32c ? undefined : { sizeBytes, crc32c, md5Hash };
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
  const words = `${doing}: ${asTuneError(thrown).message.slice(0, 500)}`;
  return new TuneError(kind, words, {
    reason: kind === 'environment' ? 'StorageDenied' : 'StorageFailed',
    remedy: kind === 'environment' ? remedyOfStorage(words) : undefined,
    httpStatus,
    cause: thrown,
  });
}
