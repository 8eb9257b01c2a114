import type { IssueCode } from '../../../shared/core/issues/catalog.ts';

const ADMINISTRATOR = 'an administrator of the deployment decides it';
const RUN =
  'the run that made the tuned model says it; tried in validate-tuning.test.ts and tuned models of contract tests';
const JUDGEMENT = 'what may be left out, a person judges';
const NOTHING = 'nothing has to be done';

/** Codes whose remedy no machine of a test follows, and why. */
export const BY_PERSON: Partial<Record<IssueCode, string>> = {
  dataset_beside_list: NOTHING,
  dataset_unknown_form: 'which field is asked and which is answered, a person says',
  manifest_too_large: 'what such a file is, a person knows',
  model_retires_soon: 'how long the tuned model is needed, a person knows',
  judge_retired: 'on the day of these tests every judge answers; tried in manifest-judge.test.ts',
  tuned_model_as_base: RUN,
  base_model_not_known: RUN,
  pre_tuned_model_not_allowed: ADMINISTRATOR,
  pre_tuned_model_of_pipeline: RUN,
  checkpoint_not_known: RUN,
  pre_tuned_model_mismatch: RUN,
  custom_base_model_not_allowed: ADMINISTRATOR,
  dataset_line_too_long: 'where one example ends in eight megabytes, a person says',
  file_too_large: 'how an image may be made smaller, a person judges',
  file_kind_differs: 'which of the two types is right, a person sees',
  files_not_copied: NOTHING,
  media_resolution_in_part: JUDGEMENT,
  function_call_refused: 'one case is no rule: whether to try, a person decides',
  preference_not_text: JUDGEMENT,
  token_limit_uncertain: JUDGEMENT,
  dataset_file_too_large: JUDGEMENT,
  dataset_too_large: JUDGEMENT,
  dataset_mostly_dropped: JUDGEMENT,
  evaluation_too_large: JUDGEMENT,
  dataset_compared_in_part: NOTHING,
  dataset_too_many_authors: JUDGEMENT,
  evaluation_label_unknown: 'whether a class is missing or misspelt, a person sees',
  dataset_converted: NOTHING,
  table_above_header: NOTHING,
  dataset_split: NOTHING,
  call_unanswered: 'what a function gave, a person knows',
  answer_cut: 'whether an answer is left out or written to its end, a person decides',
  labels_too_many: JUDGEMENT,
};
