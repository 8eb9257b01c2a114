import { formatCount } from '../issues/numbers.ts';
import type { Run, RunStatus } from '../run/run.ts';
import { isTerminal, type RunState } from '../run/states.ts';
import type { TuningResult } from '../tuning/results.ts';
import { evaluationText } from './curves.ts';
import { type Fact, factList } from './facts.ts';
import { type Html, html } from './html.ts';
import { formatPercent, formatValue } from './text.ts';

/** Something to copy: a command, a piece of code, a request. */
export interface Snippet {
  title: string;
  text: string;
}

export interface OutcomeView {
  state: RunState;
  isOver: boolean;
  facts: Fact[];
  checkpoints: CheckpointRow[];
  snippets: Snippet[];
  links: { name: string; url: string }[];
}

/** What has come of a run, and how to use it; of one that failed, what Vertex AI says of it. */
export function outcomeViewOf({ status }: Run): OutcomeView {
  return {
    state: status.state,
    isOver: isTerminal(status.state),
    facts: [
      ...code('Tuned model', status.model),
      ...code('Endpoint', status.endpoint),
      ...code('Its weights', status.result?.weights),
      ...resultFacts(status.result),
      ...dataFacts(status.dataRead),
      ...code('The same bytes as', status.sameAs),
      ...code('Job on Vertex AI', status.job?.name),
      ...code('Other jobs of the run, asked to stop', status.otherJobs?.map(({ name }) => name).join(', ')),
      ...code('State of the job', status.job?.state),
      ...code('Failed step', status.job?.failedTask),
      ...plain('What Vertex AI says', status.job?.error),
      ...code('Curves', status.metrics?.experiment),
      ...code('Metrics in Cloud Storage', status.metrics?.gcsMetricsUri),
      ...code('Folder with all results', status.folder),
    ],
    checkpoints: checkpointsOf(status),
    snippets: snippetsOf(status),
    links: Object.entries(status.links).flatMap(([name, url]) => (isWebAddress(url) ? [{ name, url }] : [])),
  };
}

function code(name: string, value: string | undefined): Fact[] {
  return value === undefined ? [] : [{ name, value, isCode: true }];
}

function plain(name: string, value: string | undefined): Fact[] {
  return value === undefined ? [] : [{ name, value }];
}

/** Nothing but a web page is made clickable. */
function isWebAddress(url: unknown): url is string {
  return typeof url === 'string' && /^https:\/\//.test(url);
}

/** Which of the checkpoints the model is, where the job says it. */
function resultFacts(result: TuningResult | undefined): Fact[] {
  if (result === undefined) return [];
  const { checkpointStep, stoppedAtStep, stoppedBecause, evaluation, measured, tunedBy } = result;
  const step = (name: string, at: number | undefined) =>
    at === undefined ? [] : plain(name, formatCount(at));
  return [
    ...step('Step of its checkpoint', checkpointStep),
    ...step('Stopped early at step', stoppedAtStep),
    ...plain('Why it stopped there', stoppedBecause),
    ...(evaluation === undefined ? [] : plain('Evaluation of the model', evaluationText(evaluation))),
    ...plain('Measured by the job, on the test labels', measured && measuresText(measured)),
    ...plain('What was trained', tunedBy),
  ];
}

/** `NDCG@10 0.714, NDCG@5 0.68`: numbers as the job has them, to four digits. */
export function measuresText(measured: NonNullable<TuningResult['measured']>): string {
  return measured.map(({ name, value }) => `${name} ${formatValue(value)}`).join(', ');
}

/** What Vertex AI says of the examples that it read. */
function dataFacts(read: RunStatus['dataRead']): Fact[] {
  const { examples, billableTokens, truncatedExamples, dropped, sampleLines } = read ?? {};
  const count = (name: string, value: number | undefined) =>
    value === undefined ? [] : plain(name, formatCount(value));
  return [
    ...count('Examples that Vertex AI read', examples),
    ...count('Tokens of one pass over them', billableTokens),
    ...count('Examples that were too long', truncatedExamples),
    ...plain('Why it left examples out', dropped?.join(' ')),
    ...plain(
      'Lines of examples that it left out or that were too long, a sample',
      sampleLines?.map(formatCount).join(', '),
    ),
  ];
}

interface CheckpointRow {
  id: string;
  epoch: string;
  step: string;
  evaluation: string;
  /** What its answers have of the headline's measure; undefined where no checkpoint was asked. */
  answers?: string | undefined;
  /** Why it is the best one, where it is. */
  best: string;
  endpoint: string;
}

/** The weights that the job kept on its way, with what was measured of each. */
function checkpointsOf(status: RunStatus): CheckpointRow[] {
  const { result, evaluation: asked } = status;
  const count = (value: number | undefined) => (value === undefined ? '–' : formatCount(value));
  return (result?.checkpoints ?? []).map(({ id, epoch, step, endpoint, evaluationLoss, evaluationStep }) => {
    const evaluation =
      evaluationLoss === undefined
        ? '–'
        : evaluationText({ loss: evaluationLoss, step: evaluationStep ?? step ?? 0 });
    return {
      ...{ id, epoch: count(epoch), step: count(step), evaluation },
      answers: answersText({ id, endpoint }, status),
      best: [
        ...(id === result?.bestCheckpoint ? ['best'] : []),
        ...(id === asked?.bestCheckpoint?.id ? ['best answers'] : []),
      ].join(', '),
      endpoint: endpoint ?? '–',
    };
  });
}

/** The checkpoint that is served was asked as the tuned model. */
function answersText(
  { id, endpoint }: { id: string; endpoint?: string | undefined },
  { endpoint: served, evaluation }: RunStatus,
): string | undefined {
  const { checkpoints, tuned } = evaluation ?? {};
  if (checkpoints === undefined) return undefined;
  const value = endpoint === served ? tuned : checkpoints.find((one) => one.id === id)?.value;
  return value === undefined ? '–' : formatPercent(value.value);
}

function snippetsOf({ howToCall: call, evaluation }: RunStatus): Snippet[] {
  const texts: [title: string, text: string | undefined][] = [
    ['First', call?.first],
    ['In a shell', call?.curl],
    ['In Python', call?.python],
    ['In TypeScript', call?.typescript],
    ['The checkpoint with the least evaluation loss answers under', call?.bestCheckpoint],
    ['The checkpoint that answers best answers under', evaluation?.bestCheckpoint?.endpoint],
    ['To have another checkpoint served by the endpoint of the model, in Python', call?.serveCheckpoint],
  ];
  return texts.flatMap(([title, text]) => (text === undefined ? [] : [{ title, text }]));
}

export function renderOutcome({ state, isOver, facts, checkpoints, snippets, links }: OutcomeView): Html {
  const title = state === 'SUCCEEDED' || !isOver ? 'The result' : 'What came of it';
  return html`<section id="outcome">
<h2>${title}</h2>
${factList(facts)}
${checkpoints.length > 0 && checkpointTable(checkpoints)}
${snippets.length > 0 && html`<h3>How to call it</h3>${snippets.map(snippet)}`}
${links.length > 0 && html`<p>In the Google Cloud console: ${links.map(({ name, url }, index) => html`${index > 0 && ', '}<a href="${url}" rel="noopener noreferrer">${name}</a>`)}</p>`}
</section>`;
}

function checkpointTable(checkpoints: CheckpointRow[]): Html {
  const isAsked = checkpoints.some(({ answers }) => answers !== undefined);
  const rows = checkpoints.map(
    ({ id, epoch, step, evaluation, answers, best, endpoint }) =>
      html`<tr><td><code>${id}</code></td><td class="number">${epoch}</td><td class="number">${step}</td><td>${evaluation}</td>${isAsked && html`<td class="number">${answers}</td>`}<td>${best}</td><td><code>${endpoint}</code></td></tr>`,
  );
  return html`<h3>Checkpoints</h3>
<div class="scroll"><table><thead><tr><th scope="col">Id</th><th class="number" scope="col">Epoch</th><th class="number" scope="col">Step</th><th scope="col">Evaluation</th>${isAsked && html`<th class="number" scope="col">Answers</th>`}<th></th><th scope="col">Endpoint</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function snippet({ title, text }: Snippet): Html {
  return html`<p class="soft small">${title}</p><pre>${text}</pre>`;
}
