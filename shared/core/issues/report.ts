import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { SEVERITIES, type Severity } from './issue.ts';
import { formatCount } from './numbers.ts';

/** An issue as people and programs read it: in the document, in status.json, in the report, from `tunedrop check`. */
export const IssueReportSchema = openObject({
  code: z.string().describe('One snake_case word that never changes its meaning: [issues.md](issues.md).'),
  severity: z.enum(SEVERITIES).describe('`error` refuses the run; with `warning` and `advice` it goes on.'),
  file: z.string().describe('The object, as a `gs://` URI, or a local path from the command line.'),
  line: z.number().optional().describe('Its line, counted from 1.'),
  record: z
    .number()
    .optional()
    .describe(
      'The number of the record, counted from 1, in a file where several may be on a line: a JSON array.',
    ),
  path: z
    .string()
    .optional()
    .describe('The place in that line or in the manifest, such as `messages[2].author`.'),
  message: z.string().describe('One sentence: what is wrong, what was found, what was expected.'),
  found: z.string().describe('What was found. Never the text of an example.'),
  expected: z.string().describe('What was expected.'),
  remedy: z.string().describe('What to do next.'),
  count: z
    .number()
    .optional()
    .describe(
      'How often it is there, where more than once: issues of one kind, place and remedy are told together.',
    ),
  lines: z
    .array(z.number())
    .optional()
    .describe('The first of its lines, at most ten, where it is on several.'),
  lineCount: z.number().optional().describe('On how many lines of the file it is, where on several.'),
  records: z
    .array(z.number())
    .optional()
    .describe('The first of its records, at most ten, where it is in several on one line.'),
  recordCount: z.number().optional().describe('In how many records of that line it is, where in several.'),
  share: z
    .number()
    .optional()
    .describe(
      'Which part of the lines of the file that is, from 0 to 1, where the file was read to its end.',
    ),
  ofFirst: z
    .number()
    .optional()
    .describe('How many of the first lines alone were looked at, where the file has more.'),
});
export type IssueReport = z.infer<typeof IssueReportSchema>;

type Place = Pick<
  IssueReport,
  'line' | 'lines' | 'lineCount' | 'share' | 'ofFirst' | 'path' | 'record' | 'records' | 'recordCount'
>;

/**
 * Where it is, in words: `line 5, output_text`, or `lines 1, 2, 3 and 247 more (12.5 % of the file), output_text`; in an array on one
 * line `line 1, record 57` or `line 1, records 3, 57, 90 and 12 more`.
 */
export function placeInWords(place: Place): string {
  const { line, lines, path, record, records, recordCount = 0 } = place;
  const parts = lines ? linesInWords(lines, place) : line === undefined ? [] : [`line ${line}`];
  if (records) parts.push(`records ${firstInWords(records, recordCount)}`);
  else if (record !== undefined) parts.push(`record ${record}`);
  return [...parts, ...(path === undefined ? [] : [path])].join(', ');
}

/** So many lines are named in words; the report has a few more. */
const IN_WORDS = 3;

function linesInWords(lines: readonly number[], { lineCount = 0, share, ofFirst }: Place): string[] {
  const ofLines =
    ofFirst === undefined ? '' : ` (of the first ${formatCount(ofFirst)}, which alone are looked at)`;
  const ofFile = share === undefined ? ofLines : ` (${shareInWords(share)} of the file)`;
  return [`lines ${firstInWords(lines, lineCount)}${ofFile}`];
}

function firstInWords(numbers: readonly number[], count: number): string {
  const named = numbers.slice(0, count > IN_WORDS + 1 ? IN_WORDS : count);
  const more = count - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Never `0 %` of what is there, nor `100 %` of what is not all. */
function shareInWords(share: number): string {
  if (share < 0.001) return 'under 0.1 %';
  if (share === 1) return '100 %';
  return `${Math.min(Number((share * 100).toFixed(1)), 99.9)} %`;
}

/** Sorts issues for a reader: errors first, then by file and line, and keeps the first `keep`. */
export function forReader(issues: IssueReport[], keep: number): IssueReport[] {
  const weight: Record<Severity, number> = { error: 0, warning: 1, advice: 2 };
  return [...issues]
    .sort(
      (a, b) =>
        weight[a.severity] - weight[b.severity] ||
        a.file.localeCompare(b.file) ||
        (a.line ?? 0) - (b.line ?? 0),
    )
    .slice(0, keep);
}
