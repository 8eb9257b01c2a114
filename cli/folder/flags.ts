import { isRegion, REGIONS } from '../../shared/core/models/regions.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { Flag, Operand } from '../command-line/flags.ts';
import { problemOfFolder, type Upload } from './folder.ts';

/** The arguments of every command that reads a folder. */

export const FOLDER: Operand = { value: 'DIR', noun: 'folder', problem: problemOfFolder };

export const JSON_FLAG = {
  help: 'one JSON object on standard output and nothing else',
} as const satisfies Flag;

export const BUCKET_FLAG = {
  value: 'gs://BUCKET/FOLDER',
  help: 'where DIR is uploaded: data named there in full is read from DIR',
  takes: 'gs://BUCKET/FOLDER',
  read: readUpload,
  why: (uri: string) => {
    const parsed = parseGsUri(uri);
    return parsed.ok ? undefined : parsed.problem;
  },
} as const satisfies Flag<Upload>;

export const REGION_FLAG = {
  value: 'REGION',
  help: 'region of the deployment, for a manifest without pipeline_job_region',
  // What a deployment has unless it is set.
  default: 'us-central1',
  takes: `one of ${REGIONS.join(', ')}`,
  read: (name: string) => (isRegion(name) ? name : undefined),
} as const satisfies Flag;

/** With or without a slash at its end. */
function readUpload(uri: string): Upload | undefined {
  const parsed = parseGsUri(uri);
  if (!parsed.ok) return undefined;
  const { bucket, name } = parsed;
  return { bucket, prefix: name === '' || name.endsWith('/') ? name : `${name}/` };
}
