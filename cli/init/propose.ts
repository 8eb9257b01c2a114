import { type Example, textsOfTurn } from '../../shared/core/dataset/forms/example.ts';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { catalogueAsOf, STANDINGS } from '../../shared/core/models/catalogue.ts';
import type { Model } from '../../shared/core/models/models.ts';
import type { TuningMethod } from '../../shared/core/models/tuning-models.ts';

/** A manifest as it is written. */
export type Proposal = Record<string, string | number | undefined>;

export type ProposedTask = 'classification' | 'summarization' | 'extractive_qa' | 'chat';

/** What the beginning of a data file says of it. */
export interface Recognised {
  form: FormName;
  examples: readonly Example[];
}

/** What the examples seem to be for, and why; undefined where nothing tells. */
export function taskOf({ examples }: Recognised): { task: ProposedTask; because: string } | undefined {
  if (examples.some(({ turns }) => turns.filter(({ role }) => role === 'user').length > 1)) {
    return { task: 'chat', because: 'examples have several turns' };
  }
  const pairs = examples.flatMap(({ turns }) => pairOf(turns) ?? []);
  const labels = new Set(pairs.map(({ output }) => output));
  if (pairs.length < MOST_TELLING) return undefined;
  if (labels.size * 3 <= pairs.length && pairs.every(({ output }) => output.length <= LABEL_LENGTH)) {
    return { task: 'classification', because: `${pairs.length} answers are ${labels.size} different ones` };
  }
  const share = (holds: (pair: Pair) => boolean) => pairs.filter(holds).length / pairs.length;
  if (share(({ input, output }) => input.includes(output)) >= 0.8) {
    return { task: 'extractive_qa', because: 'answers stand in their inputs, word for word' };
  }
  if (share(({ input, output }) => output.length >= 80 && input.length >= 4 * output.length) >= 0.8) {
    return { task: 'summarization', because: 'answers are sentences, a fraction as long as their inputs' };
  }
  return undefined;
}

/** Of fewer examples nothing is concluded. */
const MOST_TELLING = 10;
const LABEL_LENGTH = 80;

interface Pair {
  input: string;
  output: string;
}

function pairOf(turns: Example['turns']): Pair | undefined {
  const last = turns.at(-1);
  if (last?.role !== 'model') return undefined;
  const textOf = (some: Example['turns']) => some.flatMap(textsOfTurn).join('\n');
  return { input: textOf(turns.slice(0, -1)), output: textOf([last]) };
}

/** Whether examples are pairs of a better and a worse answer. */
export const methodOf = (form: FormName): TuningMethod => (FORMS[form].isPair ? 'preference' : 'supervised');

/** The model to begin with on a day (ISO 8601): Google's own, the first of the table that everybody may tune in this way for longest. */
export function modelFor(method: TuningMethod, day: string): Model | undefined {
  const rows = catalogueAsOf(day).filter(
    ({ model }) =>
      model.kind === 'gemini' && model.backend === 'tuningJobs' && model.methods.includes(method),
  );
  const inOrder = STANDINGS.flatMap((standing) => rows.filter((row) => row.standing === standing));
  return inOrder[0]?.model;
}

/** Manifests to try, the fullest first. */
export function proposals(
  { form, examples }: Recognised,
  {
    model,
    file,
    evaluationFile,
    name,
  }: { model: Model; file: string; evaluationFile?: string | undefined; name: string },
): Proposal[] {
  const method = methodOf(form);
  const task = taskOf({ form, examples })?.task;
  const common: Proposal = {
    base_model: model.reference,
    model_display_name: name,
    tuning_method: method === 'preference' ? method : undefined,
    dataset_uri: file,
  };
  const settings: Proposal = model.backend === 'tuningJobs' ? { epoch_count: 3 } : {};
  const last: Proposal = task === undefined || method === 'preference' ? {} : { task };
  const evaluations: Proposal[] = [
    ...(evaluationFile === undefined ? [] : [{ evaluation_data_uri: evaluationFile }]),
    { evaluation_split: 0.1 },
    {},
  ];
  return evaluations.map((evaluation) => ({ ...common, ...evaluation, ...settings, ...last }));
}
