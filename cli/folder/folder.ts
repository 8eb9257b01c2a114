import { createReadStream, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { mostFileBytes } from '../../shared/core/dataset/limits.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { nearest } from '../../shared/core/manifest/suggestions.ts';
import { DATA_KEYS, type DataKey } from '../../shared/core/models/data-keys.ts';
import { MANIFEST_FILE } from '../../shared/core/models/limits.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { findIgnored } from '../../shared/core/objects/ignored.ts';
import type { DataFile } from '../../shared/flows/check-data.ts';

/** Where a folder is said to be uploaded. `prefix` is empty or ends with a slash. */
export interface Upload {
  bucket: string;
  prefix: string;
}

/** A folder on this machine as a person typed it, and where it is said to be uploaded. */
export interface Folder {
  dir: string;
  upload?: Upload | undefined;
}

const MANIFEST = 'tune.json';
const CHUNK_BYTES = 1024 * 1024;

/** Why a folder cannot be checked; undefined when it can. */
export function problemOfFolder(dir: string): string | undefined {
  const stat = statSync(dir, { throwIfNoEntry: false });
  if (!stat) return 'does not exist';
  if (!stat.isDirectory()) return `is a file: ${whatToDoWith(dir) ?? 'name the folder that it is in'}`;
  if (isFile(manifestPath(dir))) return undefined;
  const instead = readdirSync(dir).find((name) => findIgnored(name) !== undefined);
  return instead === undefined
    ? 'holds no tune.json'
    : `holds no tune.json, but ${instead}: ${whatToDoWith(instead)}`;
}

/** What makes a folder that can be checked of a file that starts nothing. */
const MADE_OF: Readonly<Record<string, string>> = {
  NotJson: 'Write the same keys as JSON into a file called tune.json, and name the folder that it is in.',
  NotTheName: 'Call it tune.json, if it is meant as a manifest, and name the folder that it is in.',
  Archive: 'Unpack it, and name the folder with tune.json in it.',
};

function whatToDoWith(name: string): string | undefined {
  const ignored = findIgnored(name);
  return ignored && `${ignored.message} ${MADE_OF[ignored.reason]}`;
}

/** The manifest as the user would type it. */
export function manifestPath(dir: string): string {
  return `${withoutSlash(dir)}/${MANIFEST}`;
}

/** The object that the manifest is, once the folder is uploaded. */
export function manifestVersion({ bucket, prefix }: Upload, generation: string) {
  return { bucket, name: `${prefix}${MANIFEST}`, generation };
}

/** What the model is called when the manifest does not say. */
export function displayNameOf({ dir, upload }: Folder): string {
  return upload?.prefix.split('/').at(-2) ?? basename(resolve(dir));
}

/** The manifest's bytes; of one that is too long only enough to see that it is. */
export function readManifest({ dir }: Folder): Promise<Uint8Array> {
  return buffer(createReadStream(manifestPath(dir), { end: MANIFEST_FILE.maxBytes }));
}

/** A file that the manifest names and that was not read. */
export interface UnreadFile {
  key: DataKey;
  uri: string;
  /** A sentence on why nobody could, where somebody tried. */
  why?: string | undefined;
}

/** A file that is not there, and one beside it that has almost the same name. */
interface MissingFile extends UnreadFile {
  near?: string | undefined;
  /** Whether the two names differ in capitals, spaces and the writing of accents alone, so that no other file can be meant. */
  isSameName?: boolean | undefined;
}

export interface FolderData {
  files: DataFile[];
  /** Too large to be read. */
  tooLarge: (UnreadFile & { bytes: number; most: number })[];
  /** In the folder by their names, and not there. */
  missing: MissingFile[];
  /** In a bucket, and not looked at. */
  elsewhere: UnreadFile[];
  /** In a bucket, and packed there, so that it was not read. */
  packed: { uri: string; encoding: string }[];
}

/** The files of a manifest that was read under its local path. Nothing is opened before it is read. */
export function findData(draft: Partial<Manifest>, folder: Folder): FolderData {
  const data: FolderData = { files: [], tooLarge: [], missing: [], elsewhere: [], packed: [] };
  const model = findModel(draft.base_model ?? '');
  for (const key of DATA_KEYS) {
    const uri = draft[key];
    if (uri === undefined) continue;
    const path = localPath(uri, folder);
    const again = () => chunksOf(path ?? '');
    const most = mostFileBytes(model, key);
    const bytes = path === undefined ? undefined : sizeOf(path);
    if (path !== undefined && bytes !== undefined) {
      if (bytes > most) data.tooLarge.push({ key, uri: path, bytes, most });
      else data.files.push({ key, uri: path, chunks: again(), again });
    } else if (isElsewhere(uri, path, folder)) data.elsewhere.push({ key, uri });
    else {
      const near = path === undefined ? {} : nearName(path, draft, folder);
      data.missing.push({ key, uri, ...near });
    }
  }
  return data;
}

/** The file in the same folder that was probably meant: none that the manifest names elsewhere, nor the manifest. */
function nearName(
  path: string | undefined,
  draft: Partial<Manifest>,
  folder: Folder,
): Pick<MissingFile, 'near' | 'isSameName'> {
  if (path === undefined) return {};
  const dir = dirname(path);
  const stat = statSync(dir, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return {};
  const taken = new Set(DATA_KEYS.map((key) => resolve(localPath(draft[key] ?? '', folder) ?? '')));
  const names = readdirSync(dir).filter(
    (name) => name !== MANIFEST && isFile(join(dir, name)) && !taken.has(resolve(dir, name)),
  );
  const [same, ...more] = names.filter((name) => plainName(name) === plainName(basename(path)));
  const isSameName = same !== undefined && more.length === 0;
  const near = isSameName ? same : nearest(basename(path), names);
  return near === undefined ? {} : { near: relative(folder.dir, join(dir, near)), isSameName };
}

const plainName = (name: string) => name.normalize('NFC').toLowerCase().replaceAll(/\s/g, '');

/** The top of a bucket holds more than what one folder brings there; of a folder in it every file is here. */
function isElsewhere(uri: string, path: string | undefined, { upload }: Folder): boolean {
  return parseGsUri(uri).ok && (path === undefined || upload?.prefix === '');
}

/** Where a file lies on this machine; undefined when it is not in the folder. */
function localPath(uri: string, { dir, upload }: Folder): string | undefined {
  if (!parseGsUri(uri).ok) return uri;
  if (!upload) return undefined;
  const root = gsUri({ bucket: upload.bucket, name: upload.prefix });
  return uri.startsWith(root) ? `${withoutSlash(dir)}/${uri.slice(root.length)}` : undefined;
}

/** Every chunk lies in the same memory: who wants to keep one copies it. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function isFile(path: string): boolean {
  return sizeOf(path) !== undefined;
}

/** Bytes of a file; undefined where there is none. */
function sizeOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : undefined;
}

export function withoutSlash(dir: string): string {
  return dir.replace(/(?<=.)\/+$/, '');
}
