import * as z from 'zod';
import { lineOfExample } from '../dataset/lines/blank-lines.ts';
import type { DatasetStatistics } from '../dataset/statistics.ts';
import { openObject } from '../json/open-object.ts';
import type { DataStats } from './job.ts';

/** `status.dataRead`: what Vertex AI says of the data that it read. */
export const DataReadSchema = openObject({
  examples: z.number().optional().describe('Examples that Vertex AI found.'),
  billableTokens: z
    .number()
    .optional()
    .describe('Tokens of one pass over the data, as Vertex AI counts them.'),
  truncatedExamples: z
    .number()
    .optional()
    .describe(
      'Examples that were too long for the model. Google’s pages say that such are left out of the training.',
    ),
  dropped: z.array(z.string()).optional().describe('Why it left examples out, in its words.'),
  sampleLines: z
    .array(z.number())
    .optional()
    .describe(
      'Lines of the uploaded file that it cut or left out: a sample of them, where it names some, of which at most 50 stand here.',
    ),
  sampleExamples: z
    .array(z.number())
    .optional()
    .describe(
      'In place of `sampleLines` where lines without an example that the job read are in too many places to be kept, or several examples are on one line: the numbers of these examples, counted from 1 as the job reads them.',
    ),
});
export type DataRead = z.infer<typeof DataReadSchema>;

/** More lines than these are in nobody's interest; Vertex AI names a sample anyway. */
const MAX_LINES = 50;

/** What the statistics of the uploaded file say of its lines. A converted copy has a line an example, in the same order; the copy of a part has those of the part. */
export type UploadedLines = Pick<DatasetStatistics, 'lines' | 'examples'> &
  Partial<Pick<DatasetStatistics, 'leftOutExamples' | 'sharedLines' | 'blankLineRuns'>>;

/** The lines of an upload on which no example of the job begins; undefined where they are not known. */
function linesWithoutExample({
  lines,
  examples,
  leftOutExamples = 0,
  sharedLines = false,
  blankLineRuns,
}: UploadedLines) {
  if (sharedLines) return undefined;
  return blankLineRuns ?? (lines === examples - leftOutExamples ? [] : undefined);
}

/**
 * What Vertex AI says of its data. It counts examples from 1; that it leaves blank lines out of its count is inferred, since they
 * are no examples, and no page says it.
 */
export function dataReadOf(
  stats: DataStats | undefined,
  uploaded: UploadedLines | undefined,
): DataRead | undefined {
  if (stats === undefined) return undefined;
  const { examples, billableTokens, truncatedExamples, droppedReasons } = stats;
  const named = [...new Set([...stats.truncatedSample, ...stats.droppedSample])].sort((a, b) => a - b);
  const sample = named.length > 0 ? named.slice(0, MAX_LINES) : undefined;
  const blanks = uploaded && linesWithoutExample(uploaded);
  return {
    ...{ examples, billableTokens, truncatedExamples },
    dropped: droppedReasons.length > 0 ? droppedReasons : undefined,
    sampleLines: blanks && sample?.map((example) => lineOfExample(example, blanks)),
    sampleExamples: blanks ? undefined : sample,
  };
}
