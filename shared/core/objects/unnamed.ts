import { gsUri } from './gs-uri.ts';
import { findIgnored, type IgnoredUpload, ignoredUploadId } from './ignored.ts';
import { manifestName } from './roles.ts';
import type { UploadedVersion } from './version.ts';

/** Data files that no manifest names: of them nothing comes, and nothing is said by an event, since the manifest may still be on its way. */

/**
 * Endings by which a file is data that is meant for a manifest, as a listing asks for them, which tells capitals apart. Texts are left
 * out: examples name them, and people keep notes in them.
 */
export const DATA_ENDINGS: readonly string[] = ['.jsonl', '.ndjson', '.json', '.tsv', '.csv'].flatMap(
  (ending) => [ending, ending.toUpperCase()],
);

/** Whether a file of this name is data that is meant for a manifest. A manifest is none, nor what is told of by its name alone. */
export function isDataByName(name: string): boolean {
  const isManifest = name === manifestName || name.endsWith(`/${manifestName}`);
  return !isManifest && DATA_ENDINGS.some((ending) => name.endsWith(ending)) && !findIgnored(name);
}

/** The data files of a folder that no manifest names. */
export interface UnnamedFiles {
  newest: UploadedVersion;
  files: number;
}

const NOT_NAMED = 'NotNamed';
const NAMED = 'NamedNow';

/** The folder of a name, with its slash; empty at the top. */
export const folderOf = (name: string) => name.slice(0, name.lastIndexOf('/') + 1);

/** The document of the folder of a data file: one for all of its files, so that a folder of thousands is told of once. */
export function unnamedId({ bucket, name }: { bucket: string; name: string }): string {
  return ignoredUploadId({ bucket, name: folderOf(name) });
}

/** The document of all the files that are too many to have one for each folder. */
export function moreUnnamedId({ bucket }: { bucket: string }): string {
  return ignoredUploadId({ bucket, name: '*' });
}

/** What is said of the files of a folder. */
export function unnamedInFolder({ newest, files }: UnnamedFiles, now: string): IgnoredUpload {
  const others = files === 1 ? '' : ` and ${files - 1} more in its folder`;
  return unnamed(newest, now, {
    message: `No manifest names this data file${others}, so nothing comes of ${files === 1 ? 'it' : 'them'}.`,
    remedy: remedyFor(newest),
  });
}

/** What is said of the files of further folders. `files` is the least there are where `isAll` is false. */
export function moreUnnamed(
  { newest, files, isAll }: UnnamedFiles & { isAll: boolean },
  now: string,
): IgnoredUpload {
  const count = `${isAll ? '' : 'at least '}${files.toLocaleString('en-US')}`;
  return unnamed(newest, now, {
    message: `No manifest names this data file; of other folders of the inbox that is true of ${count} data ${files === 1 ? 'file' : 'files'} in all.`,
    remedy: `Upload a ${manifestName} for those that are to be trained on, and delete the others.`,
  });
}

function remedyFor({ bucket, name }: UploadedVersion): string {
  const manifest = gsUri({ bucket, name: `${folderOf(name)}${manifestName}` });
  return `Upload a manifest that names it, ${manifest}, with "dataset_uri": ${JSON.stringify(name.slice(folderOf(name).length))}, or correct the name in the one that you have.`;
}

function unnamed(
  newest: UploadedVersion,
  now: string,
  said: Pick<IgnoredUpload, 'message' | 'remedy'>,
): IgnoredUpload {
  const { generation, timeCreated } = newest;
  return { uri: gsUri(newest), generation, timeCreated, reason: NOT_NAMED, ...said, noticedTime: now };
}

/** Whether this was said before, of the same newest file: that others beside it grew old and are looked for no more is no news. */
export function isSaidAlready(said: IgnoredUpload | undefined, now: IgnoredUpload): boolean {
  return said?.uri === now.uri && said.generation === now.generation && said.reason === now.reason;
}

/** Whether a document says that a file of the folder of this one has no manifest. One document may stand for several folders. */
export function isOfUnnamedFolder(
  said: IgnoredUpload | undefined,
  file: { bucket: string; name: string },
): boolean {
  return said?.reason === NOT_NAMED && folderOf(said.uri) === folderOf(gsUri(file));
}

/** What is said once a manifest names files of the folder. */
export function namedAfterAll(
  said: IgnoredUpload,
  { manifestUri, now }: { manifestUri: string; now: string },
): IgnoredUpload {
  const message = `A manifest names data of this folder by now: ${manifestUri}.`;
  return { ...said, reason: NAMED, message, remedy: '', noticedTime: now };
}
