import { findModel, type Model } from '../../models/models.ts';
import type { TuningMethod } from '../../models/tuning-models.ts';
import { EXAMPLE_FORMATS, type ExampleFormat } from '../limits.ts';
import type { Trait } from './losses.ts';

/** The form that a model's examples are written in. */
export interface TargetForm {
  form: ExampleFormat;
  /** What of an example the service reads in it. */
  takes: ReadonlySet<Trait>;
}

/** What each form brings to the service; a Gemini model that was seen to refuse functions takes less. */
const TAKEN: Record<ExampleFormat, readonly Trait[]> = {
  contents: ['system', 'turns', 'images', 'files', 'tools', 'calls'],
  preference: ['system', 'turns', 'pair'],
  // Open models: Google's page shows texts and images.
  chat_messages: ['system', 'turns', 'images'],
  messages: ['system', 'turns'],
  input_output: [],
  prompt_completion: [],
};

const OF_FUNCTIONS: readonly Trait[] = ['tools', 'calls'];

/** Where nobody knows the model, its data may be in any form: others are read as if written for the models that take most. */
export const OF_ANY_MODEL: TargetForm = { form: 'contents', takes: new Set(TAKEN.contents) };
const ANY_FORM = [OF_ANY_MODEL.form, ...EXAMPLE_FORMATS.filter((form) => form !== OF_ANY_MODEL.form)];

/**
 * The forms that a model's examples may have, the usual one first, into which others are converted; none for embedding models, whose
 * data are other files, and any where nobody knows the model.
 */
export function formsOfModel(
  model: Model | undefined,
  method: TuningMethod = 'supervised',
): readonly ExampleFormat[] {
  if (model === undefined) return ANY_FORM;
  if (model.dataset === 'embedding') return [];
  if (model.backend === 'pipelineJobs') return [model.dataset];
  return method === 'preference' ? ['preference'] : [model.dataset, ...(model.alsoTakes ?? [])];
}

/** What a model's examples are converted into; undefined where nobody knows the model, or its data are other files. */
export function targetOf(
  reference: string | undefined,
  method: TuningMethod | undefined,
): TargetForm | undefined {
  const model = findModel(reference ?? '');
  const [form] = formsOfModel(model, method);
  if (model === undefined || form === undefined) return undefined;
  const isWithoutFunctions = model.backend === 'tuningJobs' && model.traits?.functionCallsRefused;
  const taken = TAKEN[form].filter((trait) => !isWithoutFunctions || !OF_FUNCTIONS.includes(trait));
  return { form, takes: new Set(taken) };
}
