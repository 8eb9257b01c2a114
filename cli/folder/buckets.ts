import { mostFileBytes } from '../../shared/core/dataset/limits.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { packedAs } from '../../shared/core/objects/content-encoding.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { Context } from '../command-line/command.ts';
import { createCall } from '../deployment/call.ts';
import { googleCredentials, localCredentials, whyNoCredentials } from '../deployment/credentials.ts';
import { seekDeployment } from '../deployment/find.ts';
import { createObjects, type Objects } from '../deployment/objects.ts';
import { deploymentLine } from '../deployment/open.ts';
import type { FolderData, UnreadFile } from './folder.ts';

/** Whose buckets are looked into, or a sentence on why nobody's are. */
export type Buckets = { objects: Objects; local: string | undefined } | { why: string };

/** The buckets of the deployment that is meant: those of a cloud on this machine, or Google's, with the person's own credentials. */
export function openBuckets(
  project: string | undefined,
  { folder, environment }: Pick<Context, 'folder' | 'environment'>,
): Buckets {
  const flags = { project, bucket: undefined, database: undefined, region: undefined };
  const found = seekDeployment(flags, { folder, environment });
  if (found?.local)
    return {
      objects: createObjects(createCall(localCredentials), found.local),
      local: deploymentLine(found),
    };
  const why = whyNoCredentials(environment);
  if (why !== undefined) return { why };
  return { objects: createObjects(createCall(googleCredentials()), undefined), local: undefined };
}

/** The files of a manifest with those that lie in buckets, read there as far as that is possible; what is not read says why. */
export async function readBuckets(
  { elsewhere, ...data }: FolderData,
  draft: Partial<Manifest>,
  buckets: Buckets,
): Promise<FolderData> {
  const read: FolderData = {
    ...{ elsewhere: [], files: [...data.files], missing: [...data.missing] },
    ...{ tooLarge: [...data.tooLarge], packed: [...data.packed] },
  };
  for (const file of elsewhere) await readOne(file, { read, draft, buckets });
  return read;
}

async function readOne(
  { key, uri }: UnreadFile,
  { read, draft, buckets }: { read: FolderData; draft: Partial<Manifest>; buckets: Buckets },
): Promise<void> {
  const place = parseGsUri(uri);
  const unread = (why: string) => void read.elsewhere.push({ key, uri, why });
  if (!place.ok) return unread(`Its name is one ${place.problem}.`);
  if ('why' in buckets) return unread(buckets.why);
  const { objects, local } = buckets;
  const facts = await objects.stat(place).catch(({ message }: Error) => message);
  if (typeof facts === 'string') return unread(facts);
  // Another cloud may have it: the one on this machine is looked into because it runs, not because anybody named it.
  if (facts === undefined && local !== undefined) return unread(`It is not in the buckets of ${local}.`);
  if (facts === undefined) return void read.missing.push({ key, uri, near: undefined });
  const encoding = packedAs(facts.contentEncoding);
  if (encoding !== undefined) return void read.packed.push({ uri, encoding });
  const most = mostFileBytes(findModel(draft.base_model ?? ''), key);
  if (facts.sizeBytes > most) return void read.tooLarge.push({ key, uri, bytes: facts.sizeBytes, most });
  const again = () => objects.stream(place, facts);
  read.files.push({ key, uri, chunks: again(), again });
}
