/** A manifest that names several values of a setting asks for a run with each: a sweep. Pure. */

import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { scalarText } from '../json/values.ts';
import { findModel } from '../models/models.ts';
import { strangeKeys } from './counterparts.ts';
import { type Manifest, ManifestSchema } from './keys.ts';

/** The settings that may be a list of values; of several lists each combination is a run. */
export const SWEPT_KEYS = [
  'train_steps',
  'epoch_count',
  'learning_rate_multiplier',
  'adapter_size',
] as const satisfies readonly (keyof Manifest)[];
export type SweptKey = (typeof SWEPT_KEYS)[number];

/** So many runs one manifest may ask for. The product's own number: each is a job that is paid for. */
export const MOST_SWEPT_RUNS = 8;

/** What tells one run of a sweep from the others. */
export type SweepSettings = Partial<Record<SweptKey, number | string>>;

/** One run of a sweep: its settings, and the manifest as if it had been written for that run alone. */
export interface SweptManifest<M = Manifest> {
  settings: SweepSettings;
  manifest: M;
}

export interface Sweep {
  /** The lists as they count: each value once. */
  values: Partial<Record<SweptKey, (number | string)[]>>;
  /** One for each combination, at least two, in the order of the lists; the last list changes first. */
  runs: SweptManifest<Partial<Manifest>>[];
}

/** What a manifest asks for, as if each of its runs had a manifest of its own. */
export function draftsOf({
  draft,
  sweep,
}: {
  draft: Partial<Manifest>;
  sweep?: Sweep | undefined;
}): Partial<Manifest>[] {
  return sweep?.runs.map(({ manifest }) => manifest) ?? [draft];
}

export function isSweptKey(key: string): key is SweptKey {
  return (SWEPT_KEYS as readonly string[]).includes(key);
}

/** What the lists of a manifest ask for. */
interface ReadSweep {
  issues: ManifestIssue[];
  values: Sweep['values'];
  /** The settings of each run; one without any where the manifest has no list of several values. */
  combinations: SweepSettings[];
}

/** Reads the lists of a manifest. A list with a wrong value is none: its key is refused like any other that is wrong. */
export function readSweep(content: Record<string, unknown>, locate: Locate): ReadSweep {
  const lists = SWEPT_KEYS.flatMap((key) => {
    const values = listOf(key, content);
    return values === undefined ? [] : [{ key, values, distinct: [...new Set(values)] }];
  });
  const repeated = lists.flatMap(({ key, values, distinct }) => {
    if (distinct.length === values.length) return [];
    return [manifestIssue('sweep_value_repeated', locate(key), { key, values: repeatedText(values) })];
  });
  const swept = lists.filter(({ distinct }) => distinct.length > 1);
  const count = swept.reduce((product, { distinct }) => product * distinct.length, 1);
  const [first] = swept;
  const fields = { keys: swept.map(({ key }) => key).join(' × '), count, most: MOST_SWEPT_RUNS };
  const isTooLarge = first !== undefined && count > MOST_SWEPT_RUNS;
  const tooLarge = isTooLarge ? [manifestIssue('sweep_too_large', locate(first.key), fields)] : [];
  const all = lists.reduce<SweepSettings[]>(
    (before, { key, distinct }) =>
      before.flatMap((settings) =>
        (isTooLarge ? distinct.slice(0, 1) : distinct).map((value) => ({ ...settings, [key]: value })),
      ),
    [{}],
  );
  return {
    issues: [...repeated, ...tooLarge],
    values: Object.fromEntries(swept.map(({ key, distinct }) => [key, distinct])),
    combinations: all,
  };
}

/** Each value that stands several times, in the order of the list; of many the first alone, since a list is as long as its author likes. */
function repeatedText(values: readonly (number | string)[]): string {
  const [seen, again] = [new Set<number | string>(), new Set<number | string>()];
  for (const value of values) (seen.has(value) ? again : seen).add(value);
  const more = again.size - MOST_SWEPT_RUNS;
  const named = [...again].slice(0, MOST_SWEPT_RUNS).map(shown).join(', ');
  return `${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The values of a key that is a list, all of them right and for the model; undefined where it is anything else. */
function listOf(key: SweptKey, content: Record<string, unknown>): (number | string)[] | undefined {
  const value = content[key];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const model = findModel(scalarText(content.base_model));
  if (model !== undefined && strangeKeys(model).includes(key)) return undefined;
  const read = value.map((one) => ManifestSchema.shape[key].unwrap().safeParse(one));
  return read.every(({ success }) => success) ? read.map(({ data }) => data as number | string) : undefined;
}

/** `train_steps 200, adapter_size 4`. */
export function settingsText(settings: Readonly<Record<string, number | string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
