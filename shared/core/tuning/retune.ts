import { WITHOUT_COUNTERPART } from '../manifest/counterparts.ts';
import type { Manifest, ManifestKey } from '../manifest/keys.ts';
import { type ParsedManifest, parseManifest } from '../manifest/manifest.ts';
import type { Model } from '../models/models.ts';
import { plannedEpochs } from './tuning-planning.ts';

/** A run as far as it says what is tuned anew. */
export interface TunedRun {
  /** The manifest as it was read: its URIs of data are whole. */
  manifest: Record<string, unknown>;
  /** The manifest's own URI. */
  uri: string;
  /** Examples of the training data, where they were counted. */
  trainExamples?: number | undefined;
}

export interface Retune {
  manifest: Record<string, unknown>;
  /** Keys that the successor does not take, and that nothing was made of. */
  leftOut: string[];
}

/** These belong to the run or to the model that ends: nothing of them goes on. */
const OF_THE_RUN: readonly ManifestKey[] = ['cancel', 'dry_run', 'pre_tuned_model', 'checkpoint_id'];

/** Of these nobody misses what they said. */
const NOT_MISSED: readonly string[] = ['cancel', 'dry_run'];

/**
 * The manifest of a run for another base model: what that does not take is left out, steps become epochs as in a plan, and what comes
 * out has no error for it. Undefined where there is none such, as for data that the successor does not read.
 */
export function retuneOn(successor: Model, run: TunedRun): Retune | undefined {
  let manifest = withoutKeys(inUnitsOf(successor, run), OF_THE_RUN);
  if (successor.backend === 'tuningJobs') manifest = withoutKeys(manifest, WITHOUT_COUNTERPART);
  for (;;) {
    const parsed = parsedAs(manifest, run.uri);
    if (parsed.manifest) return { manifest, leftOut: leftOutOf(run.manifest, manifest) };
    const wrong = wrongKeys(parsed).filter((key) => key !== 'base_model' && Object.hasOwn(manifest, key));
    if (wrong.length === 0) return undefined;
    manifest = withoutKeys(manifest, wrong);
  }
}

/** Steps of the guide's templates are epochs of `tuningJobs`. */
function inUnitsOf(successor: Model, { manifest, trainExamples }: TunedRun): Record<string, unknown> {
  const changed = { ...manifest, base_model: successor.reference };
  if (successor.backend !== 'tuningJobs' || !('train_steps' in changed)) return changed;
  const { epochs, fromTrainSteps } = plannedEpochs({ manifest: manifest as Manifest, trainExamples });
  if (fromTrainSteps === undefined) return changed;
  return { ...withoutKeys(changed, ['train_steps']), epoch_count: epochs };
}

function parsedAs(manifest: Record<string, unknown>, uri: string): ParsedManifest {
  return parseManifest(new TextEncoder().encode(JSON.stringify(manifest)), { uri });
}

function wrongKeys({ issues }: ParsedManifest): string[] {
  return issues
    .filter(({ severity }) => severity === 'error')
    .map(({ at }) => at.path?.split(/[.[]/)[0] ?? '');
}

function withoutKeys(manifest: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !keys.includes(key)));
}

function leftOutOf(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const isConverted = (key: string) => key === 'train_steps' && Object.hasOwn(after, 'epoch_count');
  return Object.keys(before).filter(
    (key) => !Object.hasOwn(after, key) && !NOT_MISSED.includes(key) && !isConverted(key),
  );
}
