import { nearest } from '../../shared/core/manifest/suggestions.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { manifestIdOf } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { readStoredRun } from '../../shared/core/run/versions.ts';
import { CallFailed } from './call.ts';
import type { ReadDocument, RestDocuments } from './documents.ts';
import { allOf, fieldFilter, orderBy } from './query.ts';

/** Which runs are asked for. */
export interface RunFilter {
  state?: string | undefined;
  /** Base model, by the name of the catalogue. */
  model?: string | undefined;
  /** A manifest of the inbox, or a folder with all that lies below it. */
  path?: string | undefined;
  /** RFC 3339 UTC. */
  since?: string | undefined;
}

export interface RunPage {
  runs: Run[];
  /** Where the next page begins, as `after`; undefined on the last one. */
  next?: string | undefined;
  /** RestDocuments that this version cannot read. */
  unreadable: number;
  /** Whether more runs were there than were looked at. */
  isCut: boolean;
}

/** The runs of a deployment, as its documents have them. */
export interface Runs {
  /** The newest first. */
  list(filter: RunFilter, page: { limit: number; after?: string | undefined }): Promise<RunPage>;
  get(runId: string): Promise<Run | undefined>;
  /** The run that a person means: its id or its beginning, `runs/ID`, or the path of a manifest or of its folder. Throws where there is none. */
  find(target: string): Promise<Run>;
  /** Every run of a manifest. */
  ofManifest(uri: string): Promise<Run[]>;
}

/** So many documents are looked at for a page where no index serves the query. */
const MOST_SCANNED = 1_000;
const STEP = 100;

export function createRuns(documents: RestDocuments, inbox: string): Runs {
  const get = async (runId: string) => {
    const [found] = await documents.get([`runs/${runId}`]);
    return found && runIn(found);
  };
  const newest = (
    filters: readonly object[],
    { limit, after }: { limit: number; after?: ReadDocument | undefined },
  ) =>
    documents.query('runs', {
      where: allOf(filters),
      orderBy: [orderBy('status.createTime', 'DESCENDING'), orderBy('__name__', 'DESCENDING')],
      startAt: after && cursorOf(after, documents),
      limit,
    });
  const list: Runs['list'] = async (filter, { limit, after }) => {
    const [from] = after === undefined ? [] : await documents.get([`runs/${after}`]);
    if (after !== undefined && from === undefined)
      throw new Error(`There is no run ${after} to go on after.`);
    try {
      return await pageOf(filter, { limit, from, read: (page) => newest(filtersOf(filter, inbox), page) });
    } catch (error) {
      // A deployment from before its indexes: the newest runs are looked through.
      if (!(error instanceof CallFailed && error.status === 'FAILED_PRECONDITION')) throw error;
      return pageOf(filter, { limit, from, read: (page) => newest(sinceOf(filter), page) });
    }
  };
  const ofManifest: Runs['ofManifest'] = async (uri) => {
    const found = await documents.query('runs', {
      where: fieldFilter('spec.source.uri', 'EQUAL', { stringValue: uri }),
    });
    return found.flatMap((document) => readable(document) ?? []);
  };
  return {
    ...{ get, list, ofManifest },
    find: (target) => findRun(target, { documents, inbox, get, list, ofManifest }),
  };
}

type Page = { limit: number; after?: ReadDocument | undefined };

/** Reads on until the page is full, everything was seen, or too much was looked at; what the query could not ask for is left out here. */
async function pageOf(
  filter: RunFilter,
  {
    limit,
    from,
    read,
  }: { limit: number; from: ReadDocument | undefined; read: (page: Page) => Promise<ReadDocument[]> },
): Promise<RunPage> {
  const page: RunPage = { runs: [], unreadable: 0, isCut: false };
  let last = from;
  for (let looked = 0; looked < MOST_SCANNED; looked += STEP) {
    const found = await read({ limit: STEP, after: last });
    for (const document of found) {
      const run = readable(document);
      if (run === undefined) page.unreadable += 1;
      else if (fits(run, filter)) {
        // One more than fits shows that there is a next page.
        if (page.runs.length === limit) return { ...page, next: last?.id };
        page.runs.push(run);
      }
      last = document;
    }
    if (found.length < STEP) return page;
  }
  return { ...page, next: last?.id, isCut: true };
}

const sinceOf = ({ since }: RunFilter) =>
  since === undefined
    ? []
    : [fieldFilter('status.createTime', 'GREATER_THAN_OR_EQUAL', { stringValue: since })];

/** What Firestore can be asked for with the indexes of a deployment: equalities, and the newest first (functions/functions.json). */
function filtersOf(filter: RunFilter, inbox: string): object[] {
  const { state, model, path } = filter;
  const equal = (field: string, value: string | undefined) =>
    value === undefined ? [] : [fieldFilter(field, 'EQUAL', { stringValue: value })];
  return [
    ...equal('status.state', state),
    ...equal('spec.manifest.base_model', model),
    ...equal('spec.source.uri', path?.endsWith('.json') ? `gs://${inbox}/${path}` : undefined),
    ...sinceOf(filter),
  ];
}

function fits({ status, spec }: Run, { state, model, path }: RunFilter): boolean {
  const baseModel = spec.plan?.baseModel ?? spec.manifest?.base_model;
  const isBelow = path === undefined || spec.source.name === path || spec.source.name.startsWith(`${path}/`);
  return (
    (state === undefined || status.state === state) && (model === undefined || baseModel === model) && isBelow
  );
}

function cursorOf({ id, data }: ReadDocument, documents: RestDocuments): object {
  const { createTime } = (data.status ?? {}) as { createTime?: string };
  return {
    values: [{ stringValue: createTime ?? '' }, { referenceValue: documents.nameOf(`runs/${id}`) }],
    before: false,
  };
}

function readable({ data }: ReadDocument): Run | undefined {
  const stored = readStoredRun(data);
  return stored.outcome === 'readable' ? stored.run : undefined;
}

/** Throws where it cannot be read, and says why. */
function runIn({ id, data }: ReadDocument): Run {
  const stored = readStoredRun(data);
  if (stored.outcome === 'readable') return stored.run;
  if (stored.outcome === 'newer')
    throw new Error(
      `runs/${id} was written by a later version (${stored.schemaVersion}): install a newer tunedrop.`,
    );
  throw new Error(`runs/${id} cannot be read: ${stored.problem}.`);
}

interface Finding {
  documents: RestDocuments;
  inbox: string;
  get: Runs['get'];
  list: Runs['list'];
  ofManifest: Runs['ofManifest'];
}

/** As much of an id as tells it apart among thousands, and no name of a folder by chance. */
const RUN_ID = /^r[a-z2-7]{7,40}$/;

/** A whole id, perhaps of a run that has no document yet. */
export function wholeRunId(target: string): string | undefined {
  return /^(?:runs\/)?(r[a-z2-7]{40})$/.exec(target)?.[1];
}

async function findRun(target: string, finding: Finding): Promise<Run> {
  const id = target.replace(/^runs\//, '');
  return (RUN_ID.test(id) ? await byId(id, finding) : undefined) ?? (await byPath(target, finding));
}

async function byId(id: string, { documents }: Finding): Promise<Run | undefined> {
  const [first, second] = await documents.query('runs', {
    where: allOf([
      fieldFilter('__name__', 'GREATER_THAN_OR_EQUAL', { referenceValue: documents.nameOf(`runs/${id}`) }),
      fieldFilter('__name__', 'LESS_THAN', { referenceValue: documents.nameOf(`runs/${id}~`) }),
    ]),
    limit: 2,
  });
  if (first && second && first.id !== id)
    throw new Error(`More than one run begins with ${id}: type more of its id.`);
  return first && runIn(first);
}

/** A repetition, or a request to cancel, stands for the run before it. */
async function insteadOfSkipped(run: Run, ofManifest: Runs['ofManifest']): Promise<Run | undefined> {
  if (run.status.state !== 'SKIPPED') return undefined;
  const others = (await ofManifest(run.spec.source.uri)).filter(
    ({ status, spec }) => status.state !== 'SKIPPED' && spec.sweepOf === undefined,
  );
  return others.toSorted((a, b) => b.status.createTime.localeCompare(a.status.createTime))[0];
}

/** The manifest that a path means: with or without its bucket, with or without `tune.json`. */
function manifestOf(target: string, inbox: string): { bucket: string; name: string } {
  const parsed = parseGsUri(target);
  if (target.startsWith('gs:') && !parsed.ok) throw new Error(`${target} is ${parsed.problem}.`);
  const { bucket, name } = parsed.ok ? parsed : { bucket: inbox, name: target };
  const folder = name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (folder === 'tune.json' || folder.endsWith('/tune.json')) return { bucket, name: folder };
  return { bucket, name: folder === '' || folder === '.' ? 'tune.json' : `${folder}/tune.json` };
}

async function byPath(target: string, { documents, inbox, get, list, ofManifest }: Finding): Promise<Run> {
  const manifest = manifestOf(target, inbox);
  const [pointer] = await documents.get([`manifests/${manifestIdOf(manifest)}`]);
  const { runId } = pointer?.data ?? {};
  const run = typeof runId === 'string' ? await get(runId) : undefined;
  if (run) return (await insteadOfSkipped(run, ofManifest)) ?? run;
  const { runs } = await list({}, { limit: STEP });
  const names = [...new Set(runs.map(({ spec }) => spec.source.name))];
  const near = nearest(manifest.name, names);
  const meant = near ? `${near} is probably meant.` : 'npx tunedrop list shows what there is.';
  throw new Error(`There is no run of ${manifest.name} in gs://${manifest.bucket}: ${meant}`);
}
