import { type ParsedManifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { isSameTunedModel, type KnownTunedModel } from '../../shared/core/manifest/tuning-deployment.ts';
import { findModel } from '../../shared/core/models/models.ts';
import type { ValidateDeps } from './deps.ts';

/** A manifest, and what a run of this deployment knows of the model that it goes on from. */
export interface ReadManifest {
  parsed: ParsedManifest;
  preTunedModel?: KnownTunedModel | undefined;
}

/** Reads a manifest with what is known of its `pre_tuned_model`, which says the base model where the manifest does not. */
export async function readWithTunedModel(
  deps: Pick<ValidateDeps, 'runs' | 'config'>,
  bytes: Uint8Array,
  { uri, parsed }: { uri: string; parsed: ParsedManifest },
): Promise<ReadManifest> {
  const { pre_tuned_model: name, base_model } = parsed.draft;
  if (name === undefined) return { parsed };
  const preTunedModel = await lookUpModel(deps, name);
  // A name that is there and wrong is told; what the model was made from would only hide it.
  if (base_model !== undefined || parsed.issues.some(({ at }) => at.path === 'base_model')) {
    return { parsed, preTunedModel };
  }
  if (preTunedModel === undefined) return { parsed };
  const { baseModel } = preTunedModel;
  // A model of a pipeline is no beginning, whatever it was made from: only that is told.
  if (findModel(baseModel)?.backend === 'pipelineJobs') return { parsed, preTunedModel };
  return { parsed: parseManifest(bytes, { uri, baseModel }), preTunedModel };
}

async function lookUpModel(
  { runs, config }: Pick<ValidateDeps, 'runs' | 'config'>,
  name: string,
): Promise<KnownTunedModel | undefined> {
  const made = await runs.tunedModel(name);
  if (made === undefined || !isSameTunedModel(name, made.model, config.limits)) return undefined;
  const { baseModel, version, versions, runId } = made;
  const result = (await runs.get(runId))?.status.result;
  const ofVersion = result?.version === version ? result : undefined;
  const checkpoints = ofVersion && (ofVersion.checkpoints ?? []).map(({ id }) => id);
  return { baseModel, version, versions, checkpoints };
}
