import * as z from 'zod';
import { EMBEDDING_FORMS, FORM_NAMES } from '../dataset/forms/names.ts';
import { EXAMPLE_FORMATS } from '../dataset/limits.ts';
import { CONTAINERS, type ContainerName } from '../issues/conversion.ts';
import { openObject } from '../json/open-object.ts';
import { DATA_KEYS, type DataKey } from '../models/data-keys.ts';

/** The data of a run: what was uploaded, and the copies of it that are checked and trained on. */

const CONTAINER_NAMES = Object.keys(CONTAINERS) as [ContainerName, ...ContainerName[]];

const DataSplitSchema = openObject({
  asked: z.number().describe('The `evaluation_split` of the manifest.'),
  trainingUri: z.string().describe('The copy of the part that is trained on.'),
  evaluationUri: z.string().describe('The copy of the part that is kept for the evaluation.'),
  training: z.number().describe('Examples to train on.'),
  evaluation: z.number().describe('Examples for the evaluation.'),
  rule: z.string().describe('How they were chosen, in a sentence.'),
  evaluationLines: z
    .array(z.number())
    .optional()
    .describe(
      'The lines of the uploaded file that are in the evaluation: all of them, where they are at most 250.',
    ),
  evaluationLinesFile: z
    .string()
    .optional()
    .describe('`gs://` URI of a file with these lines, one number a line, where they are more.'),
});
/** The parts of a training file. */
export type DataSplit = z.infer<typeof DataSplitSchema>;

export const DatasetSourceSchema = openObject({
  uri: z.string().describe('Where it was uploaded.'),
  generation: z.string().describe('Which version of that object was taken.'),
  sizeBytes: z.number().describe('Its size.'),
  crc32c: z.string().describe('Its checksum, CRC-32C, as Cloud Storage gives it.'),
  stagedUri: z.string().describe('The copy that was checked; empty of a file that is too large for one.'),
  convertedFrom: z
    .enum([...FORM_NAMES, ...EMBEDDING_FORMS])
    .optional()
    .describe('The form of the upload, where the model takes another one; docs/data-forms.md has them all.'),
  convertedContainer: z
    .enum(CONTAINER_NAMES)
    .optional()
    .describe('What the upload has around its examples, where they are not one a line.'),
  convertedInto: z
    .enum([...EXAMPLE_FORMATS, ...EMBEDDING_FORMS])
    .optional()
    .describe('The form of the model.'),
  convertedExamples: z.number().optional().describe('How many examples were read in the form of the upload.'),
  lost: z
    .array(
      openObject({
        what: z.string().describe('What the form of the model has no place for.'),
        examples: z.number().describe('In how many examples it is.'),
        firstLine: z.number().describe('The line of the upload where it is first.'),
      }),
    )
    .optional()
    .describe('What was lost, with the consent of the manifest: `"convert": true`.'),
  convertedUri: z
    .string()
    .optional()
    .describe('The copy in the form of the model, which is trained on in place of `stagedUri`.'),
  split: DataSplitSchema.optional().describe(
    'Of training data of which a part is kept for the evaluation: its parts, which the job reads in place of the copy.',
  ),
});
/** A data set as it was uploaded, and the copy that is checked and trained on. */
export type DatasetSource = z.infer<typeof DatasetSourceSchema>;

/** What a job reads of a data set: the copy as it was uploaded, in the form of the model, or the part that is left to train on. */
export function readByJob({ stagedUri, convertedUri, split }: DatasetSource): string {
  return split?.trainingUri ?? convertedUri ?? stagedUri;
}

/** Of the files that a manifest names, by its keys. */
export const DATASET_SOURCES = Object.fromEntries(
  DATA_KEYS.map((key) => [key, DatasetSourceSchema.optional().describe(`The file of \`${key}\`.`)]),
) as Record<DataKey, z.ZodOptional<typeof DatasetSourceSchema>>;
