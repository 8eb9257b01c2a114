import { TuneError } from '../../shared/core/errors/errors.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import type { ObjectVersion } from '../../shared/core/objects/version.ts';
import type { FileNameQuery, ObjectInfo, ObjectPage, ObjectRef, ObjectStore } from '../../shared/ports.ts';

export interface MemoryObjectStore extends ObjectStore {
  /** Uploads an object, as a person would; gives its version. */
  put(
    object: ObjectRef,
    content: string | Uint8Array,
    contentType?: string,
    contentEncoding?: string,
  ): ObjectInfo;
  remove(object: ObjectRef): void;
  /** The content of the live object. */
  text(object: ObjectRef): string | undefined;
  /** The names of all objects of a bucket. */
  names(bucket: string): string[];
  /** Every read of content or metadata, as `verb gs://...`. */
  readonly reads: string[];
}

const PAGE_SIZE = 1000;

type Described = Partial<Pick<ObjectInfo, 'contentType' | 'contentEncoding' | 'metadata'>>;

interface Stored {
  info: ObjectInfo;
  bytes: Uint8Array;
}

/** A bucket as a map: only the live version of an object exists, as in Cloud Storage without versioning. */
export function createMemoryObjectStore(now: () => Date): MemoryObjectStore {
  const objects = new Map<string, Stored>();
  const reads: string[] = [];
  let serial = 1_700_000_000_000_000;

  const live = (object: ObjectRef) => objects.get(gsUri(object));
  const exact = (version: ObjectVersion) => {
    const found = live(version);
    return found?.info.generation === version.generation ? found : undefined;
  };
  const store = (
    object: ObjectRef,
    bytes: Uint8Array,
    { contentType, contentEncoding, metadata = {} }: Described = {},
  ): ObjectInfo => {
    serial += 1;
    const info: ObjectInfo = {
      bucket: object.bucket,
      name: object.name,
      generation: String(serial),
      sizeBytes: bytes.length,
      crc32c: `crc-${Buffer.from(bytes.subarray(0, 30)).toString('base64')}-${bytes.length}`,
      timeCreated: now().toISOString(),
      ...{ contentType, contentEncoding, metadata },
    };
    objects.set(gsUri(object), { info, bytes });
    return info;
  };

  return {
    reads,
    names: (bucket) =>
      [...objects.values()].flatMap(({ info }) => (info.bucket === bucket ? [info.name] : [])),
    put: (object, content, contentType, contentEncoding) =>
      store(object, Buffer.from(content), { contentType, contentEncoding }),
    remove: (object) => void objects.delete(gsUri(object)),
    text: (object) => {
      const found = live(object);
      return found && Buffer.from(found.bytes).toString('utf8');
    },
    async stat(object) {
      reads.push(`stat ${gsUri(object)}`);
      return live(object)?.info;
    },
    async read(version, maxBytes) {
      reads.push(`read ${gsUri(version)}`);
      return exact(version)?.bytes.subarray(0, maxBytes);
    },
    async *stream(version) {
      reads.push(`read ${gsUri(version)}`);
      const found = exact(version);
      if (!found) throw new TuneError('permanent', 'not found', { reason: 'StorageFailed', httpStatus: 404 });
      for (let at = 0; at < found.bytes.length; at += 1000) yield found.bytes.subarray(at, at + 1000);
    },
    async copy(from, to) {
      const source = exact(from);
      if (!source) return undefined;
      return live(to)?.info ?? store(to, source.bytes);
    },
    async write(object, { body, contentType, metadata, ifGenerationMatch }) {
      const there = live(object)?.info.generation ?? '0';
      if (ifGenerationMatch !== undefined && ifGenerationMatch !== there) return false;
      const parts: string[] = [];
      if (typeof body === 'string') parts.push(body);
      else for await (const part of body()) parts.push(part);
      store(object, Buffer.from(parts.join('')), { contentType, metadata: metadata ?? {} });
      return true;
    },
    async list(query) {
      reads.push(`list gs://${query.bucket}`);
      return pageOf([...objects.values()], query);
    },
  };
}

function pageOf(
  stored: readonly Stored[],
  { bucket, fileName, endings = [], pageToken = '' }: FileNameQuery,
): ObjectPage {
  const isAsked = (name: string) =>
    `/${name}`.endsWith(`/${fileName}`) || endings.some((ending) => name.endsWith(ending));
  const left = stored
    .map(({ info }) => info)
    .filter((info) => info.bucket === bucket && isAsked(info.name))
    .filter(({ name }) => name > pageToken)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = left.slice(0, PAGE_SIZE);
  return {
    objects: page.map(({ name, generation, timeCreated }) => ({ bucket, name, generation, timeCreated })),
    nextPageToken: left.length > page.length ? page.at(-1)?.name : undefined,
  };
}
