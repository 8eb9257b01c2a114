import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { DATA_KEYS } from '../../shared/core/models/data-keys.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { ObjectFacts, Objects, UploadSource } from '../deployment/objects.ts';
import { findData, manifestPath, readManifest, type Upload } from '../folder/folder.ts';

/** A file of a folder, where it goes, and what is there now. */
export interface FileToUpload {
  path: string;
  bucket: string;
  name: string;
  source: UploadSource;
  there: ObjectFacts | undefined;
  /** Whether the same bytes are there already. */
  isSame: boolean;
}

export interface FolderToUpload {
  manifest: FileToUpload;
  /** The data that the manifest names and that is in the folder; what else lies there is not uploaded. */
  data: FileToUpload[];
}

/** What there is to upload of a folder whose manifest is right. */
export async function filesOf(dir: string, upload: Upload, objects: Objects): Promise<FolderToUpload> {
  const bytes = await readManifest({ dir });
  const name = `${upload.prefix}tune.json`;
  const here = parseManifest(bytes, { uri: manifestPath(dir) });
  const there = parseManifest(bytes, { uri: `gs://${upload.bucket}/${name}` });
  const paths = new Map(findData(here.draft, { dir, upload }).files.map(({ key, uri }) => [key, uri]));
  const places = DATA_KEYS.flatMap((key) => {
    const path = paths.get(key);
    const parsed = parseGsUri(there.draft[key] ?? '');
    return path === undefined || !parsed.ok ? [] : [{ path, bucket: parsed.bucket, name: parsed.name }];
  });
  // One file may have two uses.
  const data = [...new Map(places.map((place) => [place.name, place])).values()];
  const look = async (place: (typeof data)[number]): Promise<FileToUpload> => {
    const [source, facts] = await Promise.all([sourceOf(place.path), objects.stat(place)]);
    return { ...place, source, there: facts, isSame: facts?.md5 === source.md5 };
  };
  return {
    manifest: await look({ path: manifestPath(dir), bucket: upload.bucket, name }),
    data: await Promise.all(data.map(look)),
  };
}

/** A file is read twice: once for its checksum, by which the service proves what it was sent. */
async function sourceOf(path: string): Promise<UploadSource> {
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(path)) md5.update(chunk as Buffer);
  return {
    sizeBytes: statSync(path).size,
    md5: md5.digest('base64'),
    async read(from, to) {
      const file = await open(path);
      try {
        const bytes = new Uint8Array(to - from);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}
