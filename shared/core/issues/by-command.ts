import type { DatasetIssue } from './dataset.ts';
import type { EmbeddingIssue } from './embedding.ts';
import { FOREIGN_FORMATS, type ForeignFormat } from './foreign-formats.ts';
import type { ManifestIssue } from './manifest.ts';
import type { WholeFileFault } from './whole-file-faults.ts';

type Issue = ManifestIssue | DatasetIssue | EmbeddingIssue;
type FieldsOf<Code extends Issue['code']> = Extract<Issue, { code: Code }>['fields'];

/** What follows the folder, or nothing where the command does nothing about the issue. */
type Row<Code extends Issue['code']> = string | ((fields: FieldsOf<Code>) => string | undefined);

const LAYERS: ReadonlySet<WholeFileFault> = new Set([
  ...([
    'markdown_fence',
    'server_sent_events',
    'table_of_returns',
    'double_encoded',
    'objects_in_table',
    'comma_after_line',
    'numbered_lines',
  ] as const),
  ...(['commas_between_objects', 'turns_alone', 'lists_as_text', 'lists_as_python'] as const),
  ...([
    'log_lines',
    'python_literals',
    'code_list',
    'comments',
    'python_list',
    'columns',
    'split_table',
  ] as const),
]);

/** A member of each record, or of each element of an array or of one list in the file's object. */
const isInRecord = (steps: readonly (string | null)[]) =>
  steps.at(-1) !== null && (steps.length === 1 || (steps.at(-2) === null && steps.length <= 3));

/** Examples that have an answer, and not two to choose from: they are written in the form of the model. */
const isOfAnswers = (format: ForeignFormat) =>
  'asks' in FOREIGN_FORMATS[format] && !OF_PREFERENCES.has(format);
const OF_PREFERENCES: ReadonlySet<ForeignFormat> = new Set([
  'preference',
  'openai_preference',
  'chosen_rejected',
  'rlhf_preference',
]);

const when = (is: boolean | undefined) => (is ? '' : undefined);

/** The issues that are gone when `tunedrop fix` was run, and with which flags. A test runs it on an example of each. */
const BY_COMMAND: { [Code in Issue['code']]?: Row<Code> } = {
  manifest_not_json: ({ problem }) => when(/^a (?:comma after the last|raw control)/.test(problem)),
  manifest_byte_order_mark: '',
  manifest_encoding: ({ problem }) => when(problem.startsWith('UTF-16')),
  invalid_value: ({ right }) => when(right !== undefined),
  unknown_key: ({ isRespelt }) => when(isRespelt),
  dataset_not_found: ({ isSameName }) => when(isSameName),
  dataset_utf16: '',
  dataset_utf8_bom: '',
  dataset_other_encoding: ({ encoding }) => (encoding === undefined ? ' --encoding NAME' : ''),
  line_not_utf8: ' --encoding NAME',
  dataset_not_lines: ({ fault }) => when(LAYERS.has(fault)),
  dataset_field_names: '',
  dataset_examples_inside: ({ steps, isText, areTogether }) =>
    when(areTogether || (isText && steps.at(-1) === null) || isInRecord(steps)),
  dataset_foreign_format: ({ format, expected }) => when(isOfAnswers(format) && isOfAnswers(expected)),
  example_mixed_format: ({ format, first }) => when(isOfAnswers(format) && isOfAnswers(first)),
  conversion_off: '',
  table_header_again: '',
  dataset_json_array: '',
  dataset_pretty_printed: '',
  dataset_blank_lines: '',
  line_not_json: ({ isCorrectable }) => when(isCorrectable),
  line_not_object: ({ isCorrectable }) => when(isCorrectable),
  line_of_another: ({ by }) => when(by === 'fence'),
  line_lone_cr: '',
  line_unicode_separator: '',
  messages_empty: '',
  role_unknown: ({ write }) => when(write !== undefined),
  author_unknown: ({ write }) => when(write !== undefined),
  duplicate_example: '',
  labels_duplicate: '',
  token_limit_exceeded: ' --over-limit cut|leave-out',
};

/** The command that does what a remedy says; undefined where a person has to. */
export function commandFor(issue: Issue): string | undefined {
  const row = BY_COMMAND[issue.code] as Row<never> | undefined;
  const flags = typeof row === 'function' ? row(issue.fields as never) : row;
  return flags === undefined ? undefined : `npx tunedrop fix DIR${flags}`;
}
