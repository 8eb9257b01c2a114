import type { Severity } from '../issues/issue.ts';
import { formatCount } from '../issues/numbers.ts';
import { type IssueReport, placeInWords } from '../issues/report.ts';
import type { Run } from '../run/run.ts';
import { type Html, html } from './html.ts';
import type { Tone } from './tone.ts';

export interface ProblemsView {
  issues: IssueReport[];
  title: string;
  /** How many there are, in words. */
  counted: string;
  /** The list is cut: where all of it is. */
  rest?: string | undefined;
  manifest?: ManifestView | undefined;
}

/** The refused manifest, and which of its lines have an error. */
interface ManifestView {
  lines: string[];
  wrongLines: ReadonlySet<number>;
}

const SEVERITIES: Record<Severity, { tone: Tone; words: [one: string, many: string] }> = {
  error: { tone: 'bad', words: ['error', 'errors'] },
  warning: { tone: 'wait', words: ['warning', 'warnings'] },
  advice: { tone: 'calm', words: ['piece of advice', 'pieces of advice'] },
};

/** What is wrong or unwise in the upload. Undefined when nothing is. */
export function problemsOf({ spec, status }: Run): ProblemsView | undefined {
  const { issues = [], issuesFile } = status;
  if (issues.length === 0) return undefined;
  const counts = status.issueCount ?? countOf(issues);
  const total = counts.error + counts.warning + counts.advice;
  const where = issuesFile === undefined ? '' : ` All of them are in ${issuesFile}.`;
  return {
    issues,
    title: counts.error > 0 ? 'What is wrong with the upload' : 'Warnings and advice about the upload',
    counted: inWords(counts),
    rest: restOf(issues, total, where),
    manifest: manifestOf(spec, issues),
  };
}

/** What is told together stands here once; what is not here at all is in the file. */
function restOf(issues: readonly IssueReport[], total: number, where: string): string | undefined {
  const told = issues.reduce((sum, { count = 1 }) => sum + count, 0);
  if (told < total) return `Here are the first ${formatCount(told)}.${where}`;
  return total > issues.length ? `What has one cause is told together.${where}` : undefined;
}

function countOf(issues: readonly IssueReport[]): Record<Severity, number> {
  const count = (severity: Severity) =>
    issues.reduce((sum, issue) => sum + (issue.severity === severity ? (issue.count ?? 1) : 0), 0);
  return { error: count('error'), warning: count('warning'), advice: count('advice') };
}

function inWords(counts: Record<Severity, number>): string {
  const parts = (Object.keys(SEVERITIES) as Severity[])
    .filter((severity) => counts[severity] > 0)
    .map((severity) => {
      const [one, many] = SEVERITIES[severity].words;
      return `${formatCount(counts[severity])} ${counts[severity] === 1 ? one : many}`;
    });
  return `${parts.join(', ')}.`;
}

function manifestOf(
  { manifestText, source }: Run['spec'],
  issues: readonly IssueReport[],
): ManifestView | undefined {
  if (manifestText === undefined) return undefined;
  const wrong = issues.filter(({ file, severity }) => file === source.uri && severity === 'error');
  return {
    lines: manifestText.replace(/\r?\n$/, '').split(/\r?\n/),
    wrongLines: new Set(wrong.flatMap(({ line }) => line ?? [])),
  };
}

export function renderProblems({ title, issues, counted, rest, manifest }: ProblemsView): Html {
  return html`<section id="issues">
<h2>${title}</h2>
<p>${counted} ${rest}</p>
<div class="scroll"><table class="stack"><thead><tr><th scope="col">Severity</th><th scope="col">Where</th><th scope="col">Found</th><th scope="col">Expected</th><th scope="col">What to do</th></tr></thead><tbody>${issues.map(issueRow)}</tbody></table></div>
${manifest && manifestText(manifest)}
</section>`;
}

function issueRow(issue: IssueReport): Html {
  const { severity, code, file, found, expected, remedy } = issue;
  const place = placeInWords(issue);
  return html`<tr><td><span class="state ${SEVERITIES[severity].tone}">${severity}</span></td><td class="place"><bdi>${file.split('/').at(-1)}</bdi>${place !== '' && html`<br>${place}`}</td><td data-label="Found">${found}</td><td data-label="Expected">${expected}</td><td data-label="What to do">${remedy}<br><code class="soft">${code}</code></td></tr>`;
}

function manifestText({ lines, wrongLines }: ManifestView): Html {
  const spans = lines.map(
    (line, index) => html`<span${wrongLines.has(index + 1) && html` class="wrong"`}>${line || ' '}</span>`,
  );
  return html`<h3>The manifest as it was uploaded</h3><pre class="source">${spans}</pre>`;
}
