import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { SEVERITIES } from './issue.ts';

/** An issue as people and programs read it: in the document, in status.json, in the report, from `tunedrop check`. */
export const IssueReportSchema = openObject({
  code: z.string().describe('One snake_case word that never changes its meaning: [issues.md](issues.md).'),
  severity: z.enum(SEVERITIES).describe('`error` refuses the run; with `warning` and `advice` it goes on.'),
  file: z.string().describe('The object, as a `gs://` URI, or a local path from the command line.'),
  line: z.number().optional().describe('Its line, counted from 1.'),
  path: z
    .string()
    .optional()
    .describe('The place in that line or in the manifest, such as `messages[2].author`.'),
  message: z.string().describe('One sentence: what is wrong, what was found, what was expected.'),
  found: z.string().describe('What was found. Never the text of an example.'),
  expected: z.string().describe('What was expected.'),
  remedy: z.string().describe('What to do next.'),
});
export type IssueReport = z.infer<typeof IssueReportSchema>;
