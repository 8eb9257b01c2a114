import { PIPELINE_MODELS, type PipelineModel, type TemplateParameter } from './pipeline-models.ts';
import { TUNING_MODELS, type TuningModel, type TuningParameter } from './tuning-models.ts';

/** A base model. `backend` says which service of Vertex AI tunes it, and with that what its row holds. */
export type Model = PipelineModel | TuningModel;
export type Backend = Model['backend'];

/** A setting of a job that a manifest may name, under Google's name. */
export type ParameterName = TemplateParameter | TuningParameter;

/** Every base model that a manifest may name, those that can be tuned today first. Adding a model is adding a row. */
export const MODELS = [...TUNING_MODELS, ...PIPELINE_MODELS] as const satisfies readonly Model[];

export type ModelReference = (typeof MODELS)[number]['reference'];

/** The references of all models, in the order of the table. */
export const MODEL_REFERENCES = MODELS.map((model) => model.reference);

const MODELS_BY_REFERENCE: ReadonlyMap<string, Model> = new Map(
  MODELS.map((model) => [model.reference, model]),
);

/** The row of a reference such as `gemini-3.1-flash-lite`; undefined when there is none. */
export function findModel(reference: string): Model | undefined {
  return MODELS_BY_REFERENCE.get(reference);
}

/** The references of a family: what a manifest that names the family without a version, or with another, should say. */
export function referencesOfFamily(family: string): ModelReference[] {
  return MODELS.filter((model) => model.family === family).map((model) => model.reference);
}

/** Every parameter of any model. */
const ALL_PARAMETERS: readonly ParameterName[] = [
  ...new Set(MODELS.flatMap((model): readonly ParameterName[] => model.parameters)),
];

/** Every pipeline has an output directory, though no template has a parameter of that name. */
const OF_EVERY_PIPELINE: readonly ParameterName[] = ['output_directory'];

/** The parameters of other models that this one does not take. */
export function parametersNotFor(model: Model): ParameterName[] {
  const taken: readonly ParameterName[] =
    model.backend === 'pipelineJobs' ? [...model.parameters, ...OF_EVERY_PIPELINE] : model.parameters;
  return ALL_PARAMETERS.filter((name) => !taken.includes(name));
}
