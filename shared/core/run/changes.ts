import type { EvaluationStatus } from '../evaluation/status.ts';
import type { RunCost } from '../tuning/run-cost.ts';
import type { HistoryEntry, Run } from './run.ts';
import { isTerminal, type RunState } from './states.ts';
import type { RunEventType } from './transitions.ts';

/** What is published of a run: one CloudEvent for each change of its state, and one for the end of its evaluation. */

/** The topic, as functions/functions.json names it. */
export const RUN_CHANGES_TOPIC = 'run-events';

export const RUN_CHANGE_TYPE = 'dev.tunedrop.run.state_changed.v1';
/** Its evaluation has ended, which changes no state. */
export const RUN_EVALUATED_TYPE = 'dev.tunedrop.run.evaluated.v1';

/** A CloudEvent 1.0 (cloudevents/spec, `spec.md`), with the extension `sequence` of its `extensions/sequence.md`. */
export interface RunChange {
  specversion: '1.0';
  type: typeof RUN_CHANGE_TYPE | typeof RUN_EVALUATED_TYPE;
  /** The database of the run documents. */
  source: string;
  /** The run document in it. */
  subject: string;
  /** The run and its state, that its end was asked for, or that it was evaluated: none comes twice, so the same change always has the same id. */
  id: string;
  time: string;
  /** The position in the run's history, from 1, so that text sorts as numbers do. */
  sequence: string;
  datacontenttype: 'application/json';
  data: RunChangeData;
}

export interface RunChangeData {
  runId: string;
  /** `gs://` URI of the manifest. */
  manifest: string;
  state: RunState;
  /** Absent for the first; the state itself where its end was asked for. */
  previousState?: RunState | undefined;
  /** True when no other state follows. */
  terminal: boolean;
  reason: string;
  message: string;
  /** Resource name of the run document. */
  document: string;
  time: string;
  /** With the submission what the run is expected to cost, with every end also what it did; absent where no plan was made. */
  cost?: RunCost | undefined;
  /** Of the end of the evaluation alone: what it has come to. */
  evaluation?: EvaluationStatus | undefined;
}

/** Where the run documents are. */
export interface Database {
  project: string;
  database: string;
}

/**
 * What Vertex AI says of its job is so whatever our document says: it is published before it is written down, so that nobody
 * has to note afterwards that it was published.
 */
const PUBLISHED_FIRST: readonly RunEventType[] = [
  'Submitted',
  'JobRunning',
  'JobSucceeded',
  'JobPartial',
  'JobFailed',
  'JobCancelled',
  'JobExpired',
];

export function isPublishedFirst(event: RunEventType): boolean {
  return PUBLISHED_FIRST.includes(event);
}

/**
 * Whether a change is published as soon as it is written, since nobody takes the run for long. The others are published by the
 * function that takes the run next, which is asked at once.
 */
export function isPublishedAtOnce({ status: { state, history }, work }: Run): boolean {
  return (
    state === 'WAITING' || work.nextAction === 'admit' || isTerminal(state) || isCancelAsked(history.at(-1))
  );
}

type Entered = Pick<HistoryEntry, 'from' | 'to'>;

/** Two entries of a history enter no state: the end of the run was asked for, */
function isCancelAsked(entry: Entered | undefined): boolean {
  return entry !== undefined && entry.from === entry.to && !isTerminal(entry.to);
}

/** or its evaluation has ended. */
const isEvaluated = ({ from, to }: Entered): boolean => from === to && isTerminal(to);

/** What tells an entry from the others of its run. */
function nameOfEntry(entry: Entered): string {
  if (isEvaluated(entry)) return 'Evaluated';
  return isCancelAsked(entry) ? 'CancelRequested' : entry.to;
}

/** The changes of a run that are not known to have been published, in their order. */
export function unpublishedChanges(run: Run, { project, database }: Database): RunChange[] {
  const path = `projects/${project}/databases/${database}`;
  const { runId, spec, status } = run;
  const published = run.work.published;
  return status.history.slice(published).map(({ time, from, to, reason, message }, index) => ({
    specversion: '1.0',
    type: isEvaluated({ from, to }) ? RUN_EVALUATED_TYPE : RUN_CHANGE_TYPE,
    source: `//firestore.googleapis.com/${path}`,
    subject: `runs/${runId}`,
    id: `${runId}-${nameOfEntry({ from, to })}`,
    time,
    sequence: String(published + index + 1).padStart(2, '0'),
    datacontenttype: 'application/json',
    data: {
      ...{ runId, manifest: spec.source.uri, state: to },
      previousState: from,
      terminal: isTerminal(to),
      ...{ reason, message, document: `${path}/documents/runs/${runId}`, time },
      ...costIn(to, status.cost),
      evaluation: isEvaluated({ from, to }) ? status.evaluation : undefined,
    },
  }));
}

/** Whatever came after it, a submission says the same each time it is published. */
function costIn(state: RunState, cost: RunCost | undefined): Pick<RunChangeData, 'cost'> {
  if (cost === undefined) return {};
  if (isTerminal(state)) return { cost };
  const { actual: _later, actualHours: _hours, ...expected } = cost;
  return state === 'SUBMITTED' ? { cost: expected } : {};
}

/** A Pub/Sub message. Attribute values have at most 1,024 bytes, as names of objects do; `gs://` URIs may have more. */
export interface ChangeMessage {
  data: string;
  attributes: Record<string, string>;
  /** Messages of one run stay in order where the subscription asks for it. */
  orderingKey: string;
}

/**
 * A change as Pub/Sub carries it: in the structured mode of Google's "Pub/Sub protocol binding for CloudEvents", so that the
 * data is the whole event wherever a subscription takes it. The attributes are there for filters, which see nothing else.
 */
export function messageOf(change: RunChange): ChangeMessage {
  const { runId, state, terminal, manifest, evaluation } = change.data;
  // Who listens to the ends of runs has heard of this one.
  const what: Record<string, string> = evaluation
    ? { evaluation: evaluation.state }
    : { state, terminal: String(terminal) };
  return {
    data: JSON.stringify(change),
    attributes: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ...what,
      manifest: manifest.split('/').slice(3).join('/'),
    },
    orderingKey: runId,
  };
}
