import { parseArgs } from 'node:util';
import { isRegion, REGIONS, type Region } from '../../shared/core/models/regions.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { problemOfFolder, type Upload } from './folder.ts';

/** What `tunedrop check` was asked for. */
export interface CheckOptions {
  dir: string;
  json: boolean;
  upload: Upload | undefined;
  region: Region;
}

/** Where the pipeline job runs when neither the manifest nor the caller says: what a deployment has unless it is set. */
const DEFAULT_REGION: Region = 'us-central1';

/** Reads the arguments; a string is what is wrong with them. */
export function readCheckArguments(args: string[]): CheckOptions | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        bucket: { type: 'string' },
        region: { type: 'string' },
      },
    });
    return {
      dir: folderOf(positionals),
      json: values.json,
      upload: values.bucket === undefined ? undefined : uploadOf(values.bucket),
      region: regionOf(values.region),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The one folder of the command line; throws what is wrong, in words. */
export function folderOf(positionals: string[]): string {
  const [dir, ...others] = positionals;
  if (dir === undefined || dir === '') throw new Error('the folder is missing');
  if (others.length > 0) throw new Error(`one folder at a time, not also ${others.join(' ')}`);
  const problem = problemOfFolder(dir);
  if (problem !== undefined) throw new Error(`the folder ${dir} ${problem}`);
  return dir;
}

/** `--bucket gs://B/PREFIX`, with or without a slash at its end; throws what is wrong, in words. */
export function uploadOf(uri: string): Upload {
  const parsed = parseGsUri(uri);
  if (!parsed.ok) throw new Error(`--bucket takes gs://BUCKET/FOLDER, not ${uri}: ${parsed.problem}`);
  const { bucket, name } = parsed;
  return { bucket, prefix: name === '' || name.endsWith('/') ? name : `${name}/` };
}

/** `--region`; throws what is wrong, in words. */
export function regionOf(name: string | undefined): Region {
  if (name === undefined) return DEFAULT_REGION;
  if (!isRegion(name)) throw new Error(`--region takes one of ${REGIONS.join(', ')}, not ${name}`);
  return name;
}
