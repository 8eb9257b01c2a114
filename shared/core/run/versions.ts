import { misfitOf } from '../json/fit.ts';
import { jobKindOf } from './job-kinds.ts';
import { queueKeyOf } from './queue.ts';
import { type Run, RunSchema, SCHEMA_VERSION } from './run.ts';

/** What a stored document of a run turns out to be. */
export type StoredRun =
  | { outcome: 'readable'; run: Run }
  /** Written by a later version of the product, which was rolled back: this version leaves it alone. */
  | { outcome: 'newer'; schemaVersion: number }
  | { outcome: 'unreadable'; problem: string };

type Fields = Record<string, unknown>;

/** Each turns a document of its version into one of the next. */
const UPGRADES: Readonly<Record<number, (document: Fields) => Fields>> = {
  1: ({ work, spec, ...document }) => ({ ...document, work: publishedWork(work), spec: withBackend(spec) }),
  2: (document) => withQueue(document),
  // Version 3 knew no evaluation: it cannot read a run whose next action that is.
  3: (document) => document,
};

/** Reads what is stored of a run, of this version or an earlier one. */
export function readStoredRun(data: unknown): StoredRun {
  if (!isFields(data)) return { outcome: 'unreadable', problem: 'the whole document: not an object' };
  let { schemaVersion } = data;
  if (typeof schemaVersion !== 'number')
    return { outcome: 'unreadable', problem: 'schemaVersion: not a number' };
  if (schemaVersion > SCHEMA_VERSION) return { outcome: 'newer', schemaVersion };
  let document = data;
  for (let upgrade = UPGRADES[schemaVersion]; upgrade; upgrade = UPGRADES[++schemaVersion]) {
    document = { ...upgrade(document), schemaVersion: schemaVersion + 1 };
  }
  const parsed = RunSchema.safeParse(document);
  return parsed.success
    ? { outcome: 'readable', run: parsed.data }
    : { outcome: 'unreadable', problem: misfitOf(parsed.error, 'document') };
}

/** Files from before the version was written into them are of this one, or differ in nothing that is read of them. */
const UNMARKED_VERSION = 2;

/** Reads what a `status.json` holds: a run but for what the functions do next, which is given. */
export function readStatusFile(content: unknown, work: Run['work']): StoredRun {
  if (!isFields(content)) return { outcome: 'unreadable', problem: 'the whole file: not an object' };
  return readStoredRun({ schemaVersion: UNMARKED_VERSION, ...content, work });
}

/** The run where this version can read it, for those who only look. */
export function readableRun(data: unknown): Run | undefined {
  const stored = readStoredRun(data);
  return stored.outcome === 'readable' ? stored.run : undefined;
}

/** Version 1 said `told` of changes that were published, and `tell` of publishing them. */
function publishedWork(work: unknown): unknown {
  if (!isFields(work)) return work;
  const { told, nextAction, ...rest } = work;
  return { ...rest, published: told, nextAction: nextAction === 'tell' ? 'publish' : nextAction };
}

/** Version 1 knew one backend. */
function withBackend(spec: unknown): unknown {
  if (!isFields(spec) || !isFields(spec.plan)) return spec;
  return { ...spec, plan: { ...spec.plan, backend: 'pipelineJobs' } };
}

/** In version 2 a run that waited for other jobs to end asked its submit function again and again. */
function withQueue(document: Fields): Fields {
  const { runId, status, work, spec } = document;
  if (!isFields(status) || !isFields(work) || !isFields(spec) || !isFields(spec.plan)) return document;
  if (status.reason !== 'TooManyActiveJobs' || work.nextAction !== 'submit') return document;
  const kind = jobKindOf({ backend: String(spec.plan.backend), baseModel: String(spec.plan.baseModel) });
  const key = queueKeyOf(kind, { runId: String(runId), status: { createTime: String(status.createTime) } });
  return {
    ...document,
    status: { ...status, queue: { kind, place: 1 } },
    work: { ...work, nextAction: 'admit', queue: key },
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
