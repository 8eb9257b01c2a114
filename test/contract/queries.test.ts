import { runInNewContext } from 'node:vm';
import type { Firestore, Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalService } from '../../local/service.ts';
import { readTopology } from '../../local/topology.ts';
import { type DocumentQuery, QUERIES } from '../../scripts/docs/queries.ts';
import { RUN_STATES } from '../../shared/core/run/states.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';
import { readRepoFile } from '../support/repo-files.ts';
import { startEmbedded } from './firestore-harness.ts';
import { connectRaw, type RawFirestore } from './firestore-raw.ts';

/** The queries of docs/queries.md, run as they stand there, with the indexes of functions/functions.json. */

const { indexes } = readTopology();

interface Stored {
  path: string;
  data: Record<string, unknown>;
}

const DAYS = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03'];

/** Runs of every state, two models, two manifests and four days, and what they made. */
const DOCUMENTS: Stored[] = [
  ...Object.keys(RUN_STATES).flatMap((state, index) =>
    DAYS.map((day, nth) => aRunDocument(state, day, index * DAYS.length + nth)),
  ),
  ...['gemini-3.1-flash-lite', 'gemma-3-27b-it', 'gemini-3.1-flash-lite'].map((baseModel, n) => ({
    path: `models/m${n}`,
    data: { baseModel, createTime: `2026-03-0${n + 1}T00:00:00Z`, ending: { day: `2026-1${n}-01` } },
  })),
  ...['reviews', 'letters'].map((folder) => ({
    path: `manifests/${folder}`,
    data: { uri: `gs://PROJECT-inbox/${folder}/tune.json`, runId: 'r1' },
  })),
];

function aRunDocument(state: string, day: string, n: number): Stored {
  const folder = n % 2 === 0 ? 'reviews' : 'letters';
  const createTime = `${day}T00:00:00.${String(n).padStart(3, '0')}Z`;
  const base_model = n % 4 < 2 ? 'gemma-3-27b-it' : 'gemini-3.1-flash-lite';
  const source = { name: `${folder}/tune.json`, uri: `gs://PROJECT-inbox/${folder}/tune.json` };
  return {
    path: `runs/r${n}`,
    data: { spec: { manifest: { base_model }, source }, status: { state, createTime } },
  };
}

const valueAt = (data: unknown, path: string): string =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], data) as string;

const FITS: Record<string, (value: string, wanted: string | readonly string[]) => boolean> = {
  '==': (value, wanted) => value === wanted,
  '>=': (value, wanted) => value >= wanted,
  '<': (value, wanted) => value < wanted,
  in: (value, wanted) => wanted.includes(value),
};

/** What a query asks for, found by looking at every document. */
function expected({ collection, where, newestFirst }: DocumentQuery): string[] {
  const fitting = DOCUMENTS.filter(
    ({ path, data }) =>
      path.startsWith(`${collection}/`) &&
      where.every(([field, op, wanted]) => FITS[op]?.(valueAt(data, field), wanted)),
  );
  const ordered = newestFirst
    ? fitting.toSorted((a, b) => (valueAt(a.data, newestFirst) < valueAt(b.data, newestFirst) ? 1 : -1))
    : fitting.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return ordered.map(({ path }) => path);
}

const FAILED_PRECONDITION = 9;
const PROJECT = 'queries';
const PAGE = readRepoFile('docs/queries.md');

/** The code below a heading of the page. */
function codeBelow(title: string): string {
  const [, code = ''] = PAGE.split(`\n## ${title}\n`)[1]?.match(/^\n```js\n([\s\S]*?)```/) ?? [];
  return code;
}

/** A query of the page, as it stands there. */
function queryBelow(title: string, db: Firestore): Query {
  return runInNewContext(codeBelow(title), { db });
}

async function startWith(declared: typeof indexes): Promise<Started> {
  const server: LocalService = await startEmbedded({ indexes: declared });
  const db = connectFirestore(server.address, { projectId: PROJECT });
  const stop = async () => {
    await db.terminate();
    await server.close();
  };
  return { db, address: server.address, stop };
}

interface Started {
  db: Firestore;
  address: string;
  stop: () => Promise<void>;
}

describe('with the indexes of a deployment', () => {
  let db: Firestore;
  let address: string;
  let raw: RawFirestore;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ db, address, stop } = await startWith(indexes));
    raw = connectRaw(address);
    for (const { path, data } of DOCUMENTS) await db.doc(path).set(data);
  });
  afterAll(async () => {
    raw.close();
    await stop();
  });

  test.each(QUERIES)('$asks', async (query) => {
    const { docs } = await queryBelow(query.asks, db).get();
    const wanted = expected(query);
    expect(docs.map(({ ref }) => ref.path)).toEqual(wanted.slice(0, 20));
    expect(wanted.length).toBeGreaterThan(0);
  });

  test('without a client', async () => {
    const [, path = '', body = ''] = PAGE.match(/googleapis\.com(\S+)' \\\n {2}-d '(.*)'/) ?? [];
    const project = path.replace('PROJECT', PROJECT);
    const answer = await fetch(`http://${address}${project}`, { method: 'POST', body });
    const rows = (await answer.json()) as { document: { name: string } }[];
    const failed = expected({
      ...{ asks: '', collection: 'runs', newestFirst: 'status.createTime' },
      where: [['status.state', '==', 'FAILED']],
    });
    expect(rows.map(({ document: { name } }) => name.split('/documents/')[1])).toEqual(failed);
  });

  test.each([
    ['another order', (runs: Query) => runs.where('status.state', '==', 'FAILED').orderBy('status.endTime')],
    [
      'oldest first',
      (runs: Query) => runs.where('status.state', '==', 'FAILED').orderBy('status.createTime'),
    ],
  ])('what is not on the page is refused as in a deployment: %s', async (_name, ask) => {
    const answer = await raw.run(ask(db.collection('runs')));
    expect(answer).toMatchObject({ code: FAILED_PRECONDITION });
  });
});

test.each(indexes.map((index, left) => ({ left, name: index.fields[0]?.path })))(
  'a query of the page needs the index on $name',
  async ({ left }) => {
    const { db, address, stop } = await startWith(indexes.filter((_index, at) => at !== left));
    const raw = connectRaw(address);
    const asked = await Promise.all(QUERIES.map(({ asks }) => raw.run(queryBelow(asks, db))));
    raw.close();
    await stop();
    expect(asked).toContainEqual(expect.objectContaining({ code: FAILED_PRECONDITION }));
  },
);
