import { relative } from 'node:path';
import type { CorrectionGroup } from '../../shared/core/dataset/fix/correction-log.ts';
import { placeInWords } from '../../shared/core/issues/report.ts';
import type { ManifestCorrection } from '../../shared/core/manifest/correct-manifest.ts';
import { issuesText } from '../command-line/issues.ts';
import { countOf } from '../command-line/text.ts';
import type { FolderCheck } from '../folder/check-folder.ts';
import { isRight, notCheckedIn } from '../folder/not-checked.ts';
import type { Copy } from './copy.ts';
import { type FixedFolder, REPORT_FILE } from './fix-folder.ts';
import { correctionWords } from './report.ts';

/** Where the folder was, and where its copy is. */
interface Places {
  dir: string;
  out: string;
}

/** What was done, as people read it. */
export function showFixed(fixed: FixedFolder, { dir, out }: Places): string {
  const { isChanged, copies, corrections, checked } = fixed;
  const head = isChanged
    ? `${out} is the corrected copy of ${dir}, which stays as it is. Every line that was corrected: ${out}/${REPORT_FILE}.`
    : `Nothing in ${dir} needs a correction that this command makes, so that no copy was written.`;
  const left = checked.issueCount.error > 0 ? 'What is left is for a person to decide:' : '';
  const sections = [
    head,
    manifestText(corrections),
    ...copies.map((copy) => copyText(copy, dir)),
    left,
    issuesText(checked, { rest: `npx tunedrop check ${isChanged ? out : dir} --all shows them` }),
    notCheckedIn(checked)
      .map(({ why }) => why)
      .join('\n'),
    hintText(checked, isChanged ? out : dir),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function manifestText(corrections: readonly ManifestCorrection[]): string {
  if (corrections.length === 0) return '';
  const rows = corrections.map(({ line, did }) => `  ${did}${line === undefined ? '' : ` (line ${line})`}`);
  return ['tune.json', ...rows].join('\n');
}

/** What the command can do when it is told so. */
function hintText({ issues }: FolderCheck, folder: string): string {
  const long = issues.filter(({ code }) => code === 'token_limit_exceeded');
  const count = long.reduce((sum, { lineCount = 1 }) => sum + lineCount, 0);
  if (count === 0) return '';
  const rows = countOf(count, 'row');
  return `${rows} ${count === 1 ? 'is' : 'are'} over the token limit: npx tunedrop fix ${folder} --over-limit cut shortens them, --over-limit leave-out leaves them out.`;
}

function copyText({ source, name, corrections, why }: Copy, dir: string): string {
  const from = relative(dir, source);
  const title = from === name ? from : `${from}, now ${name}`;
  if (why !== undefined) return `${title}\n  left as it is: ${why}`;
  if (corrections.isEmpty) return '';
  return [title, ...corrections.groups().map((group) => `  ${groupText(group)}`)].join('\n');
}

function groupText({ kind, lines, count, detail }: CorrectionGroup): string {
  const [line, second] = lines;
  const place = placeInWords({
    line,
    lines: second === undefined ? undefined : [...lines],
    lineCount: count,
  });
  return `${correctionWords({ kind, detail })}${place === '' ? '' : ` (${place})`}`;
}

/** The same for programs. */
export function fixedJson(fixed: FixedFolder, { dir, out }: Places) {
  const { isChanged, copies, corrections, checked } = fixed;
  return {
    ok: isRight(checked),
    changed: isChanged,
    out: isChanged ? out : null,
    report: isChanged ? `${out}/${REPORT_FILE}` : null,
    manifest: corrections.map(({ line, did }) => ({ line, what: did })),
    files: copies.map(({ key, source, name, corrections, why }) => ({
      ...{ key, file: source, copy: isChanged ? `${out}/${name}` : null },
      corrections: corrections.groups().map(({ kind, detail, count, lines }) => ({
        ...{ kind, what: correctionWords({ kind, detail }) },
        count: count || undefined,
        firstLines: count > 0 ? lines : undefined,
      })),
      leftAsItIs: why ?? null,
    })),
    notChecked: notCheckedIn(checked),
    issues: checked.issues,
    issueCount: checked.issueCount,
    folder: dir,
  };
}
