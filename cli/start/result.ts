/** What a run came to, on the screen. */
import type { Run } from '../../shared/core/run/run.ts';
import { costInShort } from '../../shared/core/tuning/cost-words.ts';
import { issuesText } from '../command-line/issues.ts';
import { wrap } from '../command-line/wrap.ts';
import { answerLines } from './answers.ts';
import { askBoth } from './ask.ts';
import { disclaimerOf } from './disclaimer.ts';
import type { TrainerName } from './flags.ts';
import type { Screen } from './screen.ts';
import type { Stack } from './stack.ts';

const MAX_COLUMNS = 120;

export interface ResultContext {
  stack: Stack;
  screen: Screen;
  trainer: TrainerName;
  /** Whether the data folder stays when this ends. */
  isKept: boolean;
}

export async function showResult(run: Run, context: ResultContext): Promise<void> {
  const { screen, trainer } = context;
  const { status } = run;
  screen.write(`\nThe status document, runs/${run.runId}:\n\n${forReading(run)}\n\n`);
  showIssues(run, screen);
  screen.write(`Run       ${status.state}: ${status.message}\n`);
  if (status.remedy) screen.write(`To do     ${status.remedy}\n`);
  showCost(run, screen);
  if (status.model) screen.write(`Model     ${status.model}\n`);
  if (status.endpoint) screen.write(`Endpoint  ${status.endpoint}\n`);
  if (status.result?.weights) screen.write(`Weights   ${status.result.weights}\n`);
  showFiles(run, context);
  await showAnswers(run, context);
  if (status.state === 'SUCCEEDED')
    screen.write(`\n${wrap(disclaimerOf(run, trainer), widthOf(screen)).join('\n')}\n`);
  screen.write('\n');
}

/** This cloud bills nobody, and its jobs count tokens roughly: only what is expected of Google’s says something. */
function showCost({ status: { cost } }: Run, screen: Screen): void {
  if (cost)
    screen.write(`Cost      nothing here; on Google Cloud ${costInShort({ ...cost, actual: undefined })}\n`);
}

function showIssues({ status }: Run, screen: Screen): void {
  const { issues, issueCount, issuesFile } = status;
  if (issues && issueCount && issues.length > 0)
    screen.write(`Issues\n\n${issuesText({ issues, issueCount, issuesFile }, { rest: '' })}\n\n`);
}

function showFiles({ status }: Run, { stack, screen, isKept }: ResultContext): void {
  const { buckets, folders } = stack.cloud;
  const results = status.folder.replace(`gs://${buckets.results}`, folders.results ?? '');
  if (isKept) screen.write(`Results   ${results}\n`);
  else screen.write('Results   forgotten with this cloud; --data-dir DIR keeps them, and the report\n');
  if (isKept && status.report) screen.write(`Report    ${results}report.html\n`);
}

/** One question to both models, where there is a model to ask. */
async function showAnswers(run: Run, { stack, screen, trainer }: ResultContext): Promise<void> {
  if (trainer === 'stand-in' || run.status.state !== 'SUCCEEDED') return;
  const { STORAGE_EMULATOR_HOST: storage = '', VERTEX_AI_ENDPOINT: vertex = '' } =
    stack.cloud.clientEnvironment;
  const answers = await askBoth(run, { storage, vertex });
  if (typeof answers === 'string') screen.write(`\nNeither model was asked anything. ${answers}\n`);
  else screen.write(`\n${answerLines(answers, run, widthOf(screen))}\n`);
}

const widthOf = ({ columns }: Screen) => Math.min(columns, MAX_COLUMNS);

/** For a reader: what came out first, what was asked after it, the functions' bookkeeping last. */
export function forReading({ runId, status, spec, work, schemaVersion }: Run): string {
  return JSON.stringify({ runId, status, spec, work, schemaVersion }, null, 2);
}
