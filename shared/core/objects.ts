/** What an uploaded object is to us, by its name alone: no read, no call. */
export type ObjectRole = 'manifest' | 'dataset' | 'other';

const DATASET_ENDINGS = ['.jsonl', '.tsv'];

/** The manifest is called `tune.json` in any folder; a data set may be waited for; everything else is ignored. */
export function roleOfObject(name: string): ObjectRole {
  if (name === 'tune.json' || name.endsWith('/tune.json')) return 'manifest';
  return DATASET_ENDINGS.some((ending) => name.endsWith(ending)) ? 'dataset' : 'other';
}
