import { isOpenToManifests } from '../../shared/core/manifest/data-places.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { isOfTeam } from '../../shared/core/manifest/team-folders.ts';
import { DATA_KEYS, type DataKey } from '../../shared/core/models/data-keys.ts';
import { packedAs } from '../../shared/core/objects/content-encoding.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { DatasetSource } from '../../shared/core/run/dataset-source.ts';
import { stagedName } from '../../shared/core/run/files.ts';
import type { DataFile } from '../../shared/flows/check-data.ts';
import type { ObjectInfo, ObjectRef } from '../../shared/ports.ts';
import type { ValidateDeps } from './deps.ts';

/** A file that the manifest names and that this deployment lets us read. */
export interface NamedFile {
  key: DataKey;
  uri: string;
  object: ObjectRef;
}

export interface StagedFile {
  file: DataFile;
  source: DatasetSource;
  /** When it was uploaded, RFC 3339 UTC. */
  timeCreated: string;
  /** Reads the copy from its beginning. */
  open: () => AsyncIterable<Uint8Array>;
}

/** The files that a manifest names. What lies in a bucket or a folder that is not allowed is not even looked at. */
export function namedFiles(
  draft: Partial<Manifest>,
  limits: DeploymentLimits,
  manifestUri: string,
): NamedFile[] {
  const isAllowed = mayName(limits, manifestUri);
  return DATA_KEYS.flatMap((key) => {
    const uri = draft[key];
    const parsed = uri === undefined ? undefined : parseGsUri(uri);
    if (uri === undefined || !parsed?.ok || !isAllowed(parsed)) return [];
    return [{ key, uri, object: { bucket: parsed.bucket, name: parsed.name } }];
  });
}

/** Whether a manifest may name an object: it lies where data may come from, and in the folder of its team where there are teams. */
function mayName(limits: DeploymentLimits, manifestUri: string): (object: ObjectRef) => boolean {
  return (object) =>
    object.name !== '' && isOpenToManifests(object, limits) && isOfTeam(object, manifestUri, limits);
}

/** Files that examples name are read by the job itself: they lie where a manifest may name them. */
export function mayReadIn(limits: DeploymentLimits, manifestUri: string): (uri: string) => boolean {
  const isAllowed = mayName(limits, manifestUri);
  return (uri) => {
    if (/^https:\/\//i.test(uri)) return limits.areHttpsFilesAllowed === true && URL.canParse(uri);
    const parsed = parseGsUri(uri);
    return parsed.ok && isAllowed(parsed);
  };
}

/**
 * Copies the files, server-side and at the generation that is live now, to where no uploader can write: what is checked
 * is what is trained on. Copying again finds the copy; a file replaced between the look and the copy is looked at again.
 */
export async function stageFiles(
  deps: Pick<ValidateDeps, 'objects' | 'config'>,
  runId: string,
  files: NamedFile[],
  mostBytes: (key: DataKey) => number = () => Infinity,
): Promise<Staging> {
  const results = await Promise.all(
    files.map(async (named) => ({ named, found: await stageFile(deps, runId, named, mostBytes(named.key)) })),
  );
  return {
    staged: results.flatMap(({ found }) => (found && 'file' in found ? found : [])),
    packed: results.flatMap(({ found }) => (found && 'encoding' in found ? found : [])),
    missing: results.flatMap(({ named, found }) => (found ? [] : [named])),
    tooLarge: results.flatMap(({ named, found }) => (found && 'most' in found ? { ...named, ...found } : [])),
  };
}

export interface Staging {
  staged: StagedFile[];
  /** Those that are not copied or read, since their metadata say that they are packed. */
  packed: PackedFile[];
  missing: NamedFile[];
  /** Looked at, and neither copied nor read. */
  tooLarge: (NamedFile & TooLarge)[];
}

interface PackedFile {
  uri: string;
  encoding: string;
}

interface TooLarge {
  /** Without a copy. */
  source: DatasetSource;
  /** How many bytes it might have. */
  most: number;
}

const LOOKS = 3;

async function stageFile(
  { objects, config }: Pick<ValidateDeps, 'objects' | 'config'>,
  runId: string,
  { key, uri, object }: NamedFile,
  most: number,
): Promise<StagedFile | PackedFile | TooLarge | undefined> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const live = await objects.stat(object);
    if (!live) return undefined;
    const encoding = packedAs(live.contentEncoding);
    if (encoding !== undefined) return { uri, encoding };
    if (live.sizeBytes > most) {
      const { generation, sizeBytes, crc32c } = live;
      return { most, source: { uri, generation, sizeBytes, crc32c, stagedUri: '' } };
    }
    const copy = await copyOf(live, stagedNames(runId, key, live), { objects, config });
    if (!copy) continue;
    const { sizeBytes, crc32c } = copy;
    const source = { uri, generation: live.generation, sizeBytes, crc32c, stagedUri: gsUri(copy) };
    const open = () => objects.stream(copy);
    return { source, open, timeCreated: live.timeCreated, file: { key, uri, chunks: open(), again: open } };
  }
  return undefined;
}

function stagedNames(runId: string, key: DataKey, { generation }: ObjectInfo): string[] {
  return [stagedName(runId, key), stagedName(runId, key, generation)];
}

/** A copy that is there already is ours, but it may be of a file that was replaced since; then the next name is taken. */
async function copyOf(
  live: ObjectInfo,
  names: string[],
  { objects, config }: Pick<ValidateDeps, 'objects' | 'config'>,
): Promise<ObjectInfo | undefined> {
  for (const name of names) {
    const copy = await objects.copy(live, { bucket: config.resultsBucket, name });
    if (!copy || (copy.crc32c === live.crc32c && copy.sizeBytes === live.sizeBytes)) return copy;
  }
  return undefined;
}
