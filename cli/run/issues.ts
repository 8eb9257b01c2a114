/** What is wrong with an upload, or worth knowing of it, as lines for the screen: each kind once, with what to do. */
import { titleOf } from '../../shared/core/issues/catalog.ts';
import { forReader, type IssueReport, placeInWords } from '../../shared/core/issues/report.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { countOf } from '../command-line/text.ts';

const MOST_KINDS = 8;
const MOST_PLACES = 3;
const INDENT = ' '.repeat(10);

/**
 * Those of one code with the same thing to do stand together; of many kinds the gravest are there, and how many more there are.
 * What keeps nobody from going on takes one line where it is in one place, and advice always.
 */
export function issueLines({ status, spec }: Pick<Run, 'status' | 'spec'>): string[] {
  const issues = forReader([...(status.issues ?? [])], Number.POSITIVE_INFINITY);
  const kinds = [
    ...Map.groupBy(issues, ({ severity, code, remedy }) => `${severity} ${code} ${remedy}`).values(),
  ];
  const folder = spec.source.uri.slice(0, spec.source.uri.lastIndexOf('/') + 1);
  const lines = kinds.slice(0, MOST_KINDS).flatMap((kind) => linesOf(kind, folder));
  const more = kinds.length - MOST_KINDS;
  return more > 0
    ? [...lines, `... and ${countOf(more, 'more kind')} of issues: the report and the page have them all.`]
    : lines;
}

function linesOf(kind: readonly IssueReport[], folder: string): string[] {
  const [first] = kind;
  if (first === undefined) return [];
  const { code, severity, expected, remedy } = first;
  if (kind.length === 1 && severity !== 'error') {
    return [
      `${severity.padEnd(INDENT.length)}${placeOf(first, folder)}: ${first.found}. ${firstSentence(remedy)}  [${code}]`,
    ];
  }
  if (severity === 'advice') {
    const files = new Set(kind.map(({ file }) => nameIn(folder, file)));
    return [
      `${severity.padEnd(INDENT.length)}${[...files].join(', ')}: ${titleOf({ code })}. ${firstSentence(remedy)}  [${code}]`,
    ];
  }
  const named = kind.slice(0, MOST_PLACES).map((issue) => `${placeOf(issue, folder)}: ${issue.found}`);
  const more = kind.length - named.length;
  return [
    `${severity.padEnd(INDENT.length)}${titleOf({ code })}  [${code}]`,
    ...named.map((text) => `${INDENT}${text}`),
    ...(more > 0 ? [`${INDENT}and ${countOf(more, 'more place')}`] : []),
    ...(severity === 'error' ? [`${INDENT}expected: ${expected}`] : []),
    `${INDENT}to do: ${remedy}`,
  ];
}

const firstSentence = (text: string) => /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;

/** `train.jsonl, line 3, messages[2]`: the file by its name in the folder of the manifest. */
function placeOf(issue: IssueReport, folder: string): string {
  return [nameIn(folder, issue.file), placeInWords(issue)].filter((text) => text !== '').join(', ');
}

const nameIn = (folder: string, file: string) => (file.startsWith(folder) ? file.slice(folder.length) : file);
