/** `customBaseModel`: weights of the caller's own that an open model is tuned from. */
import { loadBase } from '../../small-model/model/base.ts';
import { decodeSafetensors } from '../../small-model/model/safetensors.ts';
import { baseWith, encodeTunedBase } from '../../small-model/model/tuned.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { TuningJobRecord } from '../store/tuning-job.ts';

/** Only weights of the small model itself can be gone on from: what an earlier job of the embedded cloud wrote. */
export async function customBase(
  { echo }: TuningJobRecord,
  readObject: ObjectReader,
): Promise<Uint8Array | undefined> {
  const { customBaseModel } = echo;
  if (typeof customBaseModel !== 'string') return undefined;
  const uri = `${customBaseModel.replace(/\/+$/, '')}/model.safetensors`;
  const object = await readObject(uri);
  if (!object?.bytes) throw new WorkFailure('INVALID_ARGUMENT', `custom_base_model: there is no ${uri}.`);
  try {
    return encodeTunedBase(baseWith(loadBase(), decodeSafetensors(await object.bytes())));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WorkFailure(
      'FAILED_PRECONDITION',
      `custom_base_model: ${uri} does not hold the embedded cloud's small model (${why}).`,
    );
  }
}
