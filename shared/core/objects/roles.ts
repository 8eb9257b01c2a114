/** What an uploaded object is to us, by its name alone: no read, no call. */
export type ObjectRole = 'manifest' | 'dataset' | 'other';

/** What data sets are called; one with another ending is found at the next look of the run that waits for it. */
const DATASET_ENDING = /\.(?:jsonl|ndjson|json|txt|tsv|csv)$/i;

/** What a manifest is called, in whatever folder. */
export const manifestName = 'tune.json';

/** The manifest is called `tune.json` in any folder; a data set may be waited for; everything else is ignored. */
export function roleOfObject(name: string): ObjectRole {
  if (name === manifestName || name.endsWith(`/${manifestName}`)) return 'manifest';
  return DATASET_ENDING.test(name) ? 'dataset' : 'other';
}
