import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { FORM_NAMES } from './forms/names.ts';

/** What each file of the data holds, for a person to read: plain JSON, as it stands in `status.datasets`. */

export const LengthSummarySchema = openObject({
  min: z.number().describe('The least.'),
  median: z.number().describe('About the middle: exact below 16, at most 12.5 % under it above.'),
  max: z.number().describe('The most.'),
});
export type LengthSummary = z.infer<typeof LengthSummarySchema>;

/** How many tokens a text has: no fewer than `low`, no more than `high`, as far as an estimate goes. */
export const TokenIntervalSchema = openObject({
  low: z.number().describe('The least.'),
  high: z.number().describe('The most.'),
});
export type TokenInterval = z.infer<typeof TokenIntervalSchema>;

/** Tokens as they were counted, or as a sample of the texts gives them: then with an interval. */
export const TokenEstimateSchema = openObject({
  low: z.number().describe('The least.'),
  estimate: z.number().describe('The likeliest number.'),
  high: z.number().describe('The most.'),
});
export type TokenEstimate = z.infer<typeof TokenEstimateSchema>;

const CountedPartSchema = openObject({
  ...TokenEstimateSchema.shape,
  byScript: openObject({
    signs: TokenEstimateSchema.optional().describe('Digits and signs of ASCII.'),
    twoByteScripts: TokenEstimateSchema.optional().describe(
      'Scripts whose characters are two bytes, such as Greek, Cyrillic, Hebrew and Arabic.',
    ),
    otherScripts: TokenEstimateSchema.optional().describe(
      'Others, such as Indic scripts, Thai, Georgian and emoji.',
    ),
  })
    .optional()
    .describe(
      'What of these is not written in Latin, Chinese, Japanese or Korean letters: other tokenizers differ there.',
    ),
});
export type CountedPart = z.infer<typeof CountedPartSchema>;

export const CountedTokensSchema = openObject({
  input: CountedPartSchema.describe(
    'Of what is asked: instructions, contexts and all turns but the answers.',
  ),
  output: CountedPartSchema.describe('Of the answers that are trained on.'),
  texts: z.number().describe('How many texts they are.'),
  isExact: z.boolean().describe('True: every text was counted. False: a sample of a large file was.'),
});
export type CountedTokens = z.infer<typeof CountedTokensSchema>;

export const TokenStatisticsSchema = openObject({
  method: z.string().describe('How tokens were estimated, in a sentence.'),
  total: TokenIntervalSchema.describe('Of all examples.'),
  largestExample: TokenIntervalSchema.describe('Of the largest one.'),
  counted: CountedTokensSchema.optional().describe(
    'Counted with Gemma 3’s vocabulary, as Google’s SDKs count for Gemini; docs/token-counts.md says how well.',
  ),
  provedWithinLimits: z
    .number()
    .describe('Examples of which the number of bytes alone proves that they are within every token limit.'),
  beyondLimits: z
    .number()
    .optional()
    .describe('The most that examples have beyond their limit together: open models are not trained on it.'),
});
export type TokenStatistics = z.infer<typeof TokenStatisticsSchema>;

/** The labels of a data set whose outputs are few and short. */
export const LabelStatisticsSchema = openObject({
  distinct: z.number().describe('How many different labels there are.'),
  top: z
    .array(
      openObject({
        label: z.string().describe('The label.'),
        count: z.number().describe('How often it is there.'),
      }),
    )
    .describe(
      'The most frequent that at least three examples have, at most 20; none where outputs may be texts: without a classification task, or with fewer than three examples for each.',
    ),
});
export type LabelStatistics = z.infer<typeof LabelStatisticsSchema>;

const TOO_LONG = 'Empty where it has more than 4,000 characters, or where the deployment shows no examples.';

/** What all examples say before their own input, for the example call: the one text of the data that a document has where a deployment wants it. */
export const SharedInstructionSchema = openObject({
  systemInstruction: z
    .string()
    .optional()
    .describe(`The system instruction or context, where all examples have the same. ${TOO_LONG}`),
  promptBeginning: z
    .string()
    .optional()
    .describe(`What every first input begins with, from 24 characters on. ${TOO_LONG}`),
});
export type SharedInstruction = z.infer<typeof SharedInstructionSchema>;

const NamedFilesSchema = openObject({
  examples: z.number().describe('Examples that name files.'),
  image: z.number().describe('Images, as often as they are named.'),
  document: z.number().describe('PDF documents.'),
  audio: z.number().describe('Audio files.'),
  video: z.number().describe('Videos.'),
  byHttps: z.number().describe('Files named by https, which nobody here fetches: their size is not known.'),
  lookedAt: z
    .number()
    .optional()
    .describe('Different files in Cloud Storage whose metadata was checked: at most 1,000, the first ones.'),
});
export type NamedFilesStatistics = z.infer<typeof NamedFilesSchema>;

const ChatStatisticsSchema = openObject({
  authors: z.number().describe('Messages: `author` fields over all conversations.'),
  pairs: LengthSummarySchema.describe('Pairs of messages in a conversation.'),
  examplesWithContext: z
    .number()
    .describe('Conversations with the field `context`, also an empty one: it overrides the default.'),
});

export const BlankLineRunSchema = openObject({
  line: z.number().describe('The first.'),
  count: z.number().describe('How many.'),
  step: z.number().describe('How many lines each is after the one before.'),
});
/** Blank lines that are equally far from each other. */
export type BlankLineRun = z.infer<typeof BlankLineRunSchema>;

const FILE = {
  bytes: z.number().describe('Its size.'),
  lines: z.number().describe('Lines, blank ones included.'),
  blankLines: z.number().describe('Lines that hold nothing.'),
};

export const DatasetStatisticsSchema = openObject({
  format: z.enum(FORM_NAMES).describe('How the lines look.'),
  role: z.enum(['training', 'evaluation']).describe('What the file is for.'),
  ...FILE,
  examples: z.number().describe('Lines that are not blank.'),
  unusableExamples: z.number().describe('Examples with at least one error.'),
  leftOutExamples: z
    .number()
    .optional()
    .describe('Examples that the conversion leaves out, where it does: the job is not trained on them.'),
  evaluationLines: z
    .number()
    .optional()
    .describe(
      'Of training data of which a part is kept for the evaluation: its lines that are in that part. What stands here counts the others.',
    ),
  blankLineRuns: z
    .array(BlankLineRunSchema)
    .optional()
    .describe(
      'Where lines are on which no example begins: blank ones, a header, lines in the middle of an example, those of examples that are left out or kept for the evaluation; so that an example that Vertex AI names by its number can be found; not there where they need more than 500 entries.',
    ),
  sharedLines: z
    .boolean()
    .optional()
    .describe('True where several examples begin on one line, so that no line tells which of them is meant.'),
  inputCharacters: LengthSummarySchema.describe(
    'UTF-16 units of the usable inputs: `input_text`, or the context and all messages but the last.',
  ),
  outputCharacters: LengthSummarySchema.describe(
    'UTF-16 units of the expected outputs: `output_text`, or the last message.',
  ),
  tokens: TokenStatisticsSchema.describe('Estimated tokens, as intervals.'),
  duplicates: openObject({
    exact: z.number().describe('Examples that are there twice.'),
    conflicting: z.number().describe('Inputs that are there with two different outputs.'),
    comparedWith: z
      .number()
      .optional()
      .describe(
        'Only where the file has more different inputs than are kept: the others were compared with the first so many, so that there may be more than is counted.',
      ),
  }).describe('What is there more than once.'),
  sharedInstruction: SharedInstructionSchema.optional().describe(
    'What all examples of the training data say before their own input, from 10 examples on; `howToCall` asks with it.',
  ),
  files: NamedFilesSchema.optional().describe(
    'The files that examples name. They are not copied: the job reads them where they lie.',
  ),
  labels: LabelStatisticsSchema.optional().describe('Of a classification: its labels.'),
  chat: ChatStatisticsSchema.optional().describe('Of conversations: their messages.'),
});
export type DatasetStatistics = z.infer<typeof DatasetStatisticsSchema>;

/** How many examples the job gets to see. */
export function examplesForJob({ examples, leftOutExamples = 0 }: DatasetStatistics): number {
  return examples - leftOutExamples;
}

/** The queries or the corpus of embedding tuning. */
export const RecordStatisticsSchema = openObject({
  format: z.literal('embedding').describe('How the lines look.'),
  role: z.enum(['queries', 'corpus']).describe('What the file is for.'),
  ...FILE,
  examples: z.number().describe('Queries or documents: lines that are not blank.'),
  unusableExamples: z.number().describe('Those with at least one error.'),
  textCharacters: LengthSummarySchema.describe('UTF-16 units of the texts.'),
  recordsWithTitle: z.number().describe('Those with a title.'),
  duplicateIds: z.number().describe('Those whose id stood on a line before.'),
});
export type RecordStatistics = z.infer<typeof RecordStatisticsSchema>;

/** The labels of one split of embedding tuning. */
export const RelevanceStatisticsSchema = openObject({
  format: z.literal('embedding').describe('How the lines look.'),
  role: z.enum(['training', 'test', 'validation']).describe('What the file is for.'),
  ...FILE,
  examples: z.number().describe('Labels: lines that are neither blank nor the header.'),
  unusableExamples: z.number().describe('Labels with at least one error.'),
  queries: z.number().describe('Different query ids.'),
  relevant: z.number().describe('Labels with a score above 0.'),
  notRelevant: z.number().describe('Labels with a score of 0.'),
  withoutScore: z.number().describe('Labels without a score of their own, which counts as 1.'),
  unknownQueries: z.number().describe('Different ids that no line of the queries has.'),
  unknownDocuments: z.number().describe('Different ids that no line of the corpus has.'),
});
export type RelevanceStatistics = z.infer<typeof RelevanceStatisticsSchema>;

/** By the key of the manifest that names the file. */
export const DataStatisticsSchema = openObject({
  dataset_uri: DatasetStatisticsSchema.optional().describe('The training data.'),
  evaluation_data_uri: DatasetStatisticsSchema.optional().describe('The evaluation data.'),
  queries_path: RecordStatisticsSchema.optional().describe('The queries of embedding tuning.'),
  corpus_path: RecordStatisticsSchema.optional().describe('The corpus of embedding tuning.'),
  train_label_path: RelevanceStatisticsSchema.optional().describe('The labels to train on.'),
  test_label_path: RelevanceStatisticsSchema.optional().describe('The labels to test with.'),
  validation_label_path: RelevanceStatisticsSchema.optional().describe('The labels to validate with.'),
});
export type DataStatistics = z.infer<typeof DataStatisticsSchema>;

export type FileStatistics = NonNullable<DataStatistics[keyof DataStatistics]>;
