import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import {
  messageOf,
  RUN_CHANGE_TYPE,
  RUN_CHANGES_TOPIC,
  RUN_EVALUATED_TYPE,
  type RunChange,
  type RunChangeData,
  unpublishedChanges,
} from '../../shared/core/run/changes.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { newRun } from '../../shared/core/run/new-run.ts';
import type { HistoryEntry, Run } from '../../shared/core/run/run.ts';
import { RUN_STATES, type RunState } from '../../shared/core/run/states.ts';
import type { RunCost } from '../../shared/core/tuning/run-cost.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { modelEndingSection } from './model-notices.ts';
import { TELL_PEOPLE } from './tell-people.ts';

/** What each field says. A field without a sentence does not compile. */
const ENVELOPE: Readonly<Record<Exclude<keyof RunChange, 'data'>, string>> = {
  specversion: 'The version of CloudEvents.',
  type: 'What happened. A change that breaks readers gets another number.',
  source: 'The database that the run documents are in.',
  subject: 'The run document in it.',
  id: 'The run and its state, `CancelRequested` or `Evaluated`. The same change has the same id, however often it is published.',
  time: 'When the run entered the state.',
  sequence: 'The position of this change in the history of the run, from `01`.',
  datacontenttype: 'What `data` is.',
};

const DATA: Readonly<Record<keyof RunChangeData, string>> = {
  runId: 'The run.',
  manifest: '`gs://` URI of the manifest that was uploaded.',
  state: 'The state that the run entered: one word of [states.md](states.md).',
  previousState:
    'The state before. The first change has none; the same state means that the end of the run was asked for, or that it was evaluated.',
  terminal: 'True when no other state follows.',
  reason: 'As `status.reason` was then.',
  message: 'As `status.message` was then.',
  document: 'Resource name of the run document, which says everything else.',
  time: 'When the run entered the state.',
  cost: 'With `SUBMITTED` and with every end, where the run was planned: as `status.cost` in [status-document.md](status-document.md). `actual` comes with the end.',
  evaluation: `With \`${RUN_EVALUATED_TYPE}\` alone: as \`status.evaluation\` in [status-document.md](status-document.md).`,
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  'content-type': 'Says that the data is a CloudEvent in JSON.',
  state: 'As in the data. Not of the end of an evaluation.',
  terminal: '`true` or `false`, as in the data. Not of the end of an evaluation.',
  evaluation: 'Of the end of an evaluation alone: `DONE` or `FAILED`.',
  manifest: 'The name of the manifest’s object in the inbox, without the bucket.',
};

const DATABASE = { project: 'PROJECT', database: '(default)' };
const ENDS = (Object.keys(RUN_STATES) as RunState[]).filter((state) => RUN_STATES[state].terminal);

/** The command of the page, in the words of Pub/Sub's filter syntax. */
export const SUBSCRIBE = `gcloud pubsub subscriptions create tuning-ends \\
  --topic=${RUN_CHANGES_TOPIC} \\
  --message-filter='attributes.terminal = "true"' \\
  --enable-message-ordering \\
  --expiration-period=never`;

export function renderRunEvents(): string {
  const change = exampleChange();
  const { attributes, orderingKey } = messageOf(change);
  return pageText(
    heading('Run events', '`shared/core/run/changes.ts` and `scripts/docs/run-events.ts`'),
    `Every change of state of a run, and that somebody asked to cancel it, is published to the Pub/Sub topic ${code(RUN_CHANGES_TOPIC)}, so that nobody has to ask: ` +
      'a chat message when a model is ready, a ticket when a run failed, the next step of a pipeline. So is what came of the evaluation of its model, and the end of a tuned model, 90, 30 and 7 days before.',
    '## Listen',
    'A subscription that hears of every end of a run, and of nothing else:',
    `\`\`\`sh\n${SUBSCRIBE}\ngcloud pubsub subscriptions pull tuning-ends --auto-ack --limit=10\n\`\`\``,
    `The ends are ${ENDS.map(code).join(', ')}. A filter sees attributes only, and cannot be changed later. Leave it out to hear every change, and of [tuned models that end](#a-tuned-model-that-ends). Without \`--expiration-period=never\` Pub/Sub deletes a subscription that nobody used for 31 days.`,
    ...TELL_PEOPLE,
    '## What comes',
    'The data of the message is a [CloudEvent](https://github.com/cloudevents/spec) in JSON:',
    `\`\`\`json\n${JSON.stringify(change, null, 2)}\n\`\`\``,
    `Its attributes, beside the ordering key \`${orderingKey}\`, which is the id of the run:`,
    `\`\`\`json\n${JSON.stringify(attributes, null, 2)}\n\`\`\``,
    markdownTable(
      ['attribute', 'what it says'],
      Object.entries(ATTRIBUTES).map(([name, text]) => [code(name), text]),
    ),
    'This is the structured mode of Google’s ' +
      '[Pub/Sub protocol binding for CloudEvents](https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md). ' +
      'In its binary mode the data would be no event without its attributes, which not every subscription carries on. ' +
      'That binding is a working draft.',
    `### The event: ${code(RUN_CHANGE_TYPE)}`,
    fields(ENVELOPE),
    '### Its `data`',
    fields(DATA),
    '## A model that was evaluated',
    `Whether a tuned model is better than its base is known some time after its run has succeeded, and is published then: the same envelope and data, of the type ${code(RUN_EVALUATED_TYPE)}, with \`evaluation\`. It is no end of a run: its attributes have no \`state\` and no \`terminal\`. Who wants it asks for \`attributes:evaluation\`.`,
    ...modelEndingSection(DATABASE),
    '## What you can count on',
    '- **Every change is published, at least once.** The run document is the outbox: `work.published` says how many entries of `status.history` were published for certain, and whoever takes the run next publishes the rest, `poll` every minute if nobody else does.\n' +
      '- **The same change has the same `source` and `id`.** They show that a change came twice: a function may die, or an answer may be lost, between the publishing and the note of it. Of two with one id, `time` may differ.\n' +
      '- **Order.** A subscription with message ordering gets the changes of one run in the order in which they were published; `sequence` says their order to everybody else. Between runs there is none.\n' +
      '- **An end is final.** What comes after it for the same run is late. One such case is known: a job that was being created at the moment when its run was cancelled may be published as `SUBMITTED` after `CANCELLED`; it is cancelled too.\n' +
      '- **The end of a model is told at least once for each notice**, in the first tick of its day (UTC), or of the first day on which `poll` runs again: then the notice that is due by then alone. The same notice has the same `id`.\n' +
      '- **No run waits for its listeners.** When Pub/Sub cannot be reached the run goes on, and the change is published later.',
    '`VALIDATED` is published when `submit` takes the run, which is at once unless it is busy. What Vertex AI says of its job (`SUBMITTED`, `RUNNING`, and how it ended) is published right before the document says it.',
  );
}

function fields(meanings: Readonly<Record<string, string>>): string {
  return markdownTable(
    ['field', 'meaning'],
    Object.entries(meanings).map(([name, text]) => [code(name), text]),
  );
}

/** The last change of a run that went well. */
function exampleChange(): RunChange {
  const [change] = unpublishedChanges(exampleRun(), DATABASE);
  if (!change) throw new Error('the example has nothing to publish');
  return change;
}

const COST: RunCost = {
  trainingTokens: { low: 986_400, estimate: 986_400, high: 1_006_400 },
  usd: { low: 2.95, high: 3.02 },
  price: { usdPerMillionTokens: 3, setBy: 'list', source: 'WHO SAYS SO', seenOn: '2026-02-01' },
  madeOf: 'Tokens of the training data, by Gemma 3’s tokenizer of 262,144 tokens, × 4 epochs.',
  actual: { billableTokens: 248_100, trainingTokens: 992_400, usd: 2.9772 },
};

/** What is published stands in the history; the rest of the run is as at its beginning. */
function exampleRun(): Run {
  const version = { bucket: 'PROJECT-inbox', name: 'reviews/tune.json', generation: '1772366400000000' };
  const time = '2026-03-01T14:03:11.482Z';
  const source = { ...version, uri: gsUri(version), timeCreated: time };
  const run = newRun({ source, runId: runIdOf(version), folder: 'gs://PROJECT-results/runs/reviews/' }, time);
  const entry: HistoryEntry = {
    ...{ time, from: 'RUNNING', to: 'SUCCEEDED', reason: 'JobSucceeded' },
    message: 'The model is tuned: projects/123456789012/locations/us-central1/models/456@1.',
  };
  const history = Array<HistoryEntry>(5).fill(entry);
  return {
    ...run,
    status: { ...run.status, history, cost: COST },
    work: { ...run.work, published: history.length - 1 },
  };
}
