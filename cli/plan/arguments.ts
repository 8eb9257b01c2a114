import { parseArgs } from 'node:util';
import type { Region } from '../../shared/core/models/regions.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { folderOf, regionOf, uploadOf } from '../check/arguments.ts';
import type { Upload } from '../check/folder.ts';

/** What `tunedrop plan` was asked for. */
export interface PlanOptions {
  dir: string;
  json: boolean;
  project: string;
  upload: Upload;
  region: Region;
  resultsBucket: string;
  /** The generation that the uploaded manifest is said to have. */
  generation: string;
  /** Whether the copies are shown that are trained on, or the URIs of the manifest. */
  isStaged: boolean;
  serviceAccount: string | undefined;
}

/** No object has generation 0, so that a plan without `--generation` has the id of no run. */
const NO_GENERATION = '0';

/** Reads the arguments; a string is what is wrong with them. */
export function readPlanArguments(args: string[]): PlanOptions | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        project: { type: 'string' },
        bucket: { type: 'string' },
        region: { type: 'string' },
        results: { type: 'string' },
        generation: { type: 'string', default: NO_GENERATION },
        staging: { type: 'string', default: 'on' },
        'service-account': { type: 'string' },
      },
    });
    const project = projectOf(values.project);
    if (values.bucket === undefined) throw new Error('--bucket gs://BUCKET/FOLDER is missing');
    return {
      dir: folderOf(positionals),
      json: values.json,
      project,
      upload: uploadOf(values.bucket),
      region: regionOf(values.region),
      resultsBucket: bucketOf(values.results ?? `gs://${project}-tunedrop-results`),
      generation: generationOf(values.generation),
      isStaged: isOn(values.staging),
      serviceAccount: values['service-account'],
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** It becomes part of an address, so nothing goes through that a project id does not have. */
function projectOf(project: string | undefined): string {
  if (project === undefined) throw new Error('--project is missing');
  if (!/^[a-z0-9][a-z0-9.:-]*$/.test(project))
    throw new Error(`--project takes a project id, not ${project}`);
  return project;
}

function bucketOf(uri: string): string {
  const parsed = parseGsUri(uri);
  if (!parsed.ok || parsed.name !== '') throw new Error(`--results takes gs://BUCKET, not ${uri}`);
  return parsed.bucket;
}

function generationOf(generation: string): string {
  if (!/^\d{1,19}$/.test(generation)) throw new Error(`--generation takes digits, not ${generation}`);
  return generation;
}

function isOn(staging: string): boolean {
  if (staging !== 'on' && staging !== 'off') throw new Error(`--staging takes on or off, not ${staging}`);
  return staging === 'on';
}
