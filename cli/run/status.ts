import { costsInShort } from '../../shared/core/evaluation/in-short.ts';
import { settingsText } from '../../shared/core/manifest/sweep.ts';
import { measuresText } from '../../shared/core/report/outcome.ts';
import { measuredText, sweptCostText } from '../../shared/core/report/sweep.ts';
import { formatDuration, millisecondsBetween } from '../../shared/core/report/text.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { inLocalTimes, localTime } from '../command-line/local-time.ts';
import { shortId, tableLines } from '../command-line/text.ts';
import { wrap } from '../command-line/wrap.ts';
import { issueLines } from './issues.ts';
import { isEvaluationToCome, planText } from './plan.ts';

export interface StatusOptions {
  /** Whether it is a run of the embedded cloud. */
  isLocal: boolean;
  /** Characters in a line. */
  columns: number;
  /** Address of the live page, with a slash at its end. */
  page?: string | undefined;
}

const LABEL = 11;

/** Everything that a person wants to know of a run: where it is, why, what to do, what was asked, what came of it, and how to go on. */
export function statusText(run: Run, options: StatusOptions): string {
  const { status, runId, spec } = run;
  const isOver = isTerminal(status.state);
  const blocks: [string, string[]][] = [
    ['Run', [runId]],
    ['State', [`${status.state}, ${sinceText(run)}`, ...folded(status.message, options)]],
    ['To do', status.remedy === undefined ? [] : folded(status.remedy, options)],
    ['Sweep', sweepLines(run)],
    ['Plan', planText(run, options)],
    ['Issues', issueLines(run)],
    ['Paid', isOver && status.cost?.actual ? [costsInShort(status.cost, status.evaluation)] : []],
    ['Better?', evaluationTexts(run).flatMap((text) => folded(text, options))],
    ['Measured', measuredLines(run, options)],
    ['Model', [status.model ?? [], status.result?.weights ?? []].flat()],
    ['Call', callLines(run)],
    ['Report', status.report === undefined ? [] : [status.report]],
    ['Page', options.page === undefined ? [] : [`${options.page}runs/${runId}`]],
    ['Job', status.job === undefined ? [] : [`${status.job.name}, ${status.job.state}`]],
    ['History', historyLines(run)],
  ];
  const lines = blocks.flatMap(([label, texts]) =>
    texts.map((text, index) => `${(index === 0 ? label : '').padEnd(LABEL)}${text}`.trimEnd()),
  );
  return `${[spec.source.uri, ...lines].join('\n')}\n`;
}

function sinceText({ status }: Run): string {
  const { createTime, endTime, history } = status;
  const since = history.findLast(({ from, to }) => from !== to)?.time ?? status.updateTime;
  const took = millisecondsBetween(createTime, endTime);
  return `since ${localTime(since)}${took === undefined ? '' : `, after ${formatDuration(took)}`}`;
}

/** A line for each run of a sweep; of one of them whose it is. */
function sweepLines({ status: { sweep }, spec: { sweepOf } }: Run): string[] {
  if (sweepOf) return [`number ${sweepOf.index} (${settingsText(sweepOf.settings)}) of ${sweepOf.parent}`];
  return tableLines(
    (sweep?.runs ?? []).map((run) => [
      settingsText(run.settings),
      run.state ?? 'deleted',
      shortId(run.runId),
      sweptCostText(run),
      measuredText(run),
      run.index === sweep?.winner?.index ? 'best' : '',
    ]),
  );
}

const folded = (text: string, { columns }: StatusOptions) =>
  wrap(inLocalTimes(text), Math.max(40, columns - LABEL));

/** Whether the tuned model is better than its base, or how far the evaluation is; then what to do, and where all answers are. What is planned stands in the plan. */
function evaluationTexts({ status: { evaluation } }: Run): string[] {
  if (evaluation === undefined || isEvaluationToCome(evaluation)) return [];
  const { message, remedy, answersFile } = evaluation;
  return [message, remedy, answersFile].filter((text) => text !== undefined);
}

/** What the job of an embedding model has measured. */
function measuredLines({ status: { result } }: Run, options: StatusOptions): string[] {
  return result?.measured
    ? folded(`${measuresText(result.measured)}, on the test labels, as the job says`, options)
    : [];
}

function callLines({ runId, status }: Run): string[] {
  const { howToCall } = status;
  if (howToCall === undefined) return [];
  const { first, curl } = howToCall;
  return [
    `npx tunedrop ask ${runId} "YOUR PROMPT", or:`,
    ...(first === undefined ? [] : ['before, once:', ...first.split('\n')]),
    ...curl.split('\n'),
  ];
}

function historyLines({ status }: Run): string[] {
  return status.history.map(({ time, to, reason }) => `${localTime(time)}  ${to.padEnd(13)} ${reason}`);
}
