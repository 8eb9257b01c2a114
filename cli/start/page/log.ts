import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { nameOf } from '../../../shared/core/report/headline.ts';
import { html } from '../../../shared/core/report/html.ts';
import { type PageOptions, pageOf } from '../../../shared/core/report/page.ts';
import { timeOf } from '../../../shared/core/report/time.ts';
import type { Run } from '../../../shared/core/run/run.ts';

/** A line of the log that is about one run. */
export interface LogLine {
  /** RFC 3339 UTC. */
  time: string;
  /** The function or service that said it. */
  by: string;
  severity: string;
  message: string;
  /** What else it says, as JSON; empty where it says nothing else. */
  rest: string;
}

/** More of a run nobody reads on a page; the file has all of them. */
const MOST_LINES = 500;

/** The last lines of a log file that name a run; none where there is no such file. */
export async function readRunLog(file: string, runId: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (!line.includes(runId)) continue;
      lines.push(logLineOf(line, runId));
      if (lines.length > MOST_LINES) lines.shift();
    }
  } catch {
    // The first line makes the file.
  }
  return lines;
}

/** `TIME NAME: {JSON}` of a function, or `TIME NAME: words` of a service. */
function logLineOf(line: string, runId: string): LogLine {
  const [, time = '', by = '', said = line] = /^(\S+) (?:([\w-]+): )?(.*)$/s.exec(line) ?? [];
  const { severity = '', message = said, fields } = contentOf(said);
  const { runId: _own, ...others } = fields ?? {};
  const rest = Object.keys(others).length === 0 ? '' : JSON.stringify(others);
  return { time, by, severity, message: message.replaceAll(runId, 'this run'), rest };
}

interface LoggedContent {
  severity?: string;
  message?: string;
  fields?: Record<string, unknown>;
}

function contentOf(said: string): LoggedContent {
  try {
    return JSON.parse(said) as LoggedContent;
  } catch {
    return {};
  }
}

/** The page of what functions and services said about a run, the latest last. */
export function renderRunLog(
  run: Run,
  lines: readonly LogLine[],
  frame: Pick<PageOptions, 'head' | 'nav'>,
): string {
  const rows = lines.map(
    ({ time, by, severity, message, rest }) =>
      html`<tr><td class="time">${timeOf(time)}</td><td data-label="By">${by}</td><td data-label="Severity">${severity}</td><td>${message}${rest !== '' && html`<br><code class="small">${rest}</code>`}</td></tr>`,
  );
  const table = html`<div class="scroll"><table class="stack"><thead><tr>${['Time', 'By', 'Severity', 'What'].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
  const main = html`<header><h1>Log of <bdi>${nameOf(run)}</bdi></h1></header>
${lines.length === 0 ? html`<p>Nothing was logged about this run.</p>` : table}
${lines.length === MOST_LINES && html`<p class="small">The last ${MOST_LINES} lines; all of them are in cloud.log.</p>`}`;
  return pageOf({ title: `${nameOf(run)}: log`, main, ...frame });
}
