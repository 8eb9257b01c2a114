/** What is said of a data set while nobody knows which model it is for: what is wrong with it whatever the model. */
import { CONVERSION_ISSUES } from '../issues/conversion.ts';
import type { DatasetIssue } from '../issues/dataset.ts';
import { EXAMPLE_ISSUES } from '../issues/dataset-examples.ts';
import { TURN_ISSUES } from '../issues/dataset-turns.ts';

type Code = DatasetIssue['code'];

/** Which form is wanted, and how many and how large examples may be, follows from the model. */
const OF_MODEL: ReadonlySet<string> = new Set<Code>([
  ...(Object.keys(CONVERSION_ISSUES) as Code[]),
  ...([
    'dataset_foreign_format',
    'dataset_unknown_form',
    'dataset_field_names',
    'dataset_messages_apart',
  ] as const),
  ...(['example_mixed_format', 'default_context_not_used', 'pairs_not_recommended'] as const),
  ...(['dataset_extra_fields', 'dataset_context_overrides', 'dataset_instructions_missing'] as const),
  ...(['token_limit_exceeded', 'token_limit_uncertain', 'dataset_mostly_dropped'] as const),
  ...(['dataset_file_too_large', 'dataset_too_large', 'evaluation_too_large'] as const),
  ...(['dataset_too_few_examples', 'dataset_few_examples'] as const),
  ...(['dataset_too_many_examples', 'dataset_too_many_authors'] as const),
]);

/** What is wrong with an example is wrong in its form, which has to be known. */
const OF_FORM: ReadonlySet<string> = new Set([...Object.keys(EXAMPLE_ISSUES), ...Object.keys(TURN_ISSUES)]);

/** Whether an issue of a file is told though its model is not known. */
export function isToldWithoutModel(code: string, { isRecognised }: { isRecognised: boolean }): boolean {
  return !OF_MODEL.has(code) && (isRecognised || !OF_FORM.has(code));
}
