/** Kinds of base models as people tell them apart, and which of them take a key of the manifest. */
import { MODELS, type Model, parametersNotFor } from '../../shared/core/models/models.ts';
import { code } from './markdown.ts';

interface ModelKind {
  title: string;
  has: (model: Model) => boolean;
}

/** Each model is of the first kind that has it. */
const KINDS: readonly ModelKind[] = [
  { title: 'Gemini 3', has: (model) => model.kind === 'gemini' && model.serving === 'multiRegion' },
  { title: 'Gemini 2.5', has: ({ kind }) => kind === 'gemini' },
  { title: 'open models', has: ({ kind }) => kind === 'open' },
  { title: 'embedding models', has: ({ kind }) => kind === 'embedding' },
  { title: 'the guide’s models', has: () => true },
];

const kindOf = (model: Model) => KINDS.find(({ has }) => has(model)) ?? KINDS[0];

/** Every kind with its models, in the order of the table. */
export const MODELS_BY_KIND: readonly { title: string; models: readonly Model[] }[] = KINDS.map((kind) => ({
  title: kind.title,
  models: MODELS.filter((model) => kindOf(model) === kind),
}));

const takes = (key: string) => (model: Model) =>
  isAParameter(key) && !(parametersNotFor(model) as readonly string[]).includes(key);

const isAParameter = (key: string) =>
  MODELS.some((model) => (model.parameters as readonly string[]).includes(key));

/** Keys of the guide that a model of `tuningJobs` takes in another meaning. */
const TRANSLATED: Readonly<Record<string, string>> = {
  train_steps: 'made into `epoch_count`',
  default_context: 'made into a system instruction, where rows are converted',
};

/** Whether some model's row names the key; a key that none names is the product's own. */
export function isOfModels(key: string): boolean {
  return MODELS.some(takes(key));
}

/** One kind and one key: `yes`, `required`, nothing, or which of the kind take it. */
export function takenBy(key: string, models: readonly Model[]): string {
  const taking = models.filter(takes(key));
  const needing = models.filter(({ required }) => (required as readonly string[]).includes(key));
  if (needing.length === models.length) return 'required';
  if (taking.length === models.length) return 'yes';
  const others = models.filter((model) => !taking.includes(model));
  const isTranslated = taking.length === 0 && models.every(({ backend }) => backend === 'tuningJobs');
  if (isTranslated) return TRANSLATED[key] ?? '';
  if (taking.length === 0) return '';
  return others.length < taking.length ? `not ${references(others)}` : `only ${references(taking)}`;
}

/** References of models, as code. */
export function references(models: readonly Model[]): string {
  return models.map(({ reference }) => code(reference)).join(', ');
}
