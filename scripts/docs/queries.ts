import { readTopology } from '../../local/topology.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

/** A question that people have about their runs, as a query of Firestore. */
export interface DocumentQuery {
  /** What is asked, in words. */
  asks: string;
  collection: 'runs' | 'models' | 'manifests';
  where: readonly (readonly [path: string, op: WhereOp, value: string | readonly string[]])[];
  newestFirst?: 'status.createTime' | 'createTime';
}

type WhereOp = '==' | '>=' | '<' | 'in';

const NEWEST = { collection: 'runs', newestFirst: 'status.createTime' } as const;
const MODEL = ['spec.manifest.base_model', '==', 'gemini-3.1-flash-lite'] as const;
const MANIFEST = ['spec.source.uri', '==', 'gs://PROJECT-inbox/reviews/tune.json'] as const;
const FAILED = ['status.state', '==', 'FAILED'] as const;
const SINCE = ['status.createTime', '>=', '2026-03-01T00:00:00Z'] as const;

/** Every query that is supported, and no other is promised. test/contract/queries.test.ts runs the page. */
export const QUERIES: readonly DocumentQuery[] = [
  { asks: 'All runs', ...NEWEST, where: [] },
  { asks: 'Runs since a day', ...NEWEST, where: [SINCE] },
  { asks: 'Runs in a state', ...NEWEST, where: [FAILED] },
  {
    asks: 'Runs in one of some states',
    ...NEWEST,
    where: [['status.state', 'in', ['SUBMITTED', 'RUNNING']]],
  },
  { asks: 'Runs in a state since a day', ...NEWEST, where: [FAILED, SINCE] },
  { asks: 'Runs of a base model', ...NEWEST, where: [MODEL] },
  { asks: 'Runs of a base model in a state', ...NEWEST, where: [MODEL, FAILED] },
  { asks: 'Runs of a manifest, by its path', ...NEWEST, where: [MANIFEST] },
  { asks: 'Runs of a manifest in a state', ...NEWEST, where: [MANIFEST, FAILED] },
  {
    asks: 'Runs of a base model, of a manifest, in a state, since a day',
    ...NEWEST,
    where: [MODEL, MANIFEST, FAILED, SINCE],
  },
  {
    asks: 'Runs of all manifests below a folder, in the order of their names',
    collection: 'runs',
    where: [
      ['spec.source.name', '>=', 'reviews/'],
      ['spec.source.name', '<', 'reviews0'],
    ],
  },
  {
    asks: 'The run that a manifest stands for now (`runId`)',
    collection: 'manifests',
    where: [['uri', '==', 'gs://PROJECT-inbox/reviews/tune.json']],
  },
  { asks: 'Tuned models', collection: 'models', newestFirst: 'createTime', where: [] },
  {
    asks: 'Tuned models of a base model',
    collection: 'models',
    newestFirst: 'createTime',
    where: [['baseModel', '==', 'gemini-3.1-flash-lite']],
  },
  {
    asks: 'Tuned models that end before a day',
    collection: 'models',
    where: [['ending.day', '<', '2027-01-01']],
  },
];

const LIMIT = 20;

/** A query as code of Google's Node.js client. */
function inCode({ collection, where, newestFirst }: DocumentQuery): string {
  const quoted = (value: string | readonly string[]) =>
    typeof value === 'string' ? `'${value}'` : `[${value.map((one) => `'${one}'`).join(', ')}]`;
  return [
    `db.collection('${collection}')`,
    ...where.map(([path, op, value]) => `  .where('${path}', '${op}', ${quoted(value)})`),
    ...(newestFirst === undefined ? [] : [`  .orderBy('${newestFirst}', 'desc')`]),
    `  .limit(${LIMIT})`,
  ].join('\n');
}

export function renderQueries(): string {
  const { indexes } = readTopology();
  return pageText(
    heading('Queries', '`scripts/docs/queries.ts` and `functions/functions.json`'),
    'What can be asked of the documents in Firestore, as people ask: the newest first, by state, by base model, by path. Each query below is ' +
      'run by a test with the indexes that a deployment has. Firestore refuses what no index serves (`FAILED_PRECONDITION`, with a link ' +
      'that makes the index), and so does the embedded cloud. Every field of a document: [status-document.md](status-document.md).',
    'The code is for Google’s client for Node.js; the clients for Python, Go and Java have the same words. To begin with:',
    "```js\nconst { Firestore } = require('@google-cloud/firestore');\nconst db = new Firestore({ projectId: 'PROJECT' });\n```",
    'and with `.get()` behind a query, `(await db.collection(…)….get()).docs.map((doc) => doc.data())` are its documents. With the variables that ' +
      '`npm start` prints, the same code asks the embedded cloud.',
    'Times are texts in RFC 3339, UTC, so that they sort as times do. A base model has the name of [models.md](models.md), however the manifest spelt it.',
    ...QUERIES.map((query) => `## ${query.asks}\n\n${'```js'}\n${inCode(query)}\n${'```'}`),
    '## Without a client',
    'The first runs that failed, with `curl`:',
    ['```sh', ...CURL, '```'].join('\n'),
    '## Indexes',
    'Terraform makes these from `functions/functions.json`, and every field has one of its own but those that are long texts and lists ' +
      '(`status.history`, `status.issues`, `spec.manifestText`). Two that end in the same order serve their fields together, so that state, base ' +
      'model and path can be asked for in any combination.',
    markdownTable(
      ['collection', 'fields'],
      indexes.map(({ collection, fields }) => [
        code(collection),
        fields.map(({ path, order }) => `${code(path)} ${order.toLowerCase()}`).join(', '),
      ]),
    ),
  );
}

const CURL = [
  'curl -H "Authorization: Bearer $(gcloud auth print-access-token)" -H \'Content-Type: application/json\' \\',
  "  'https://firestore.googleapis.com/v1/projects/PROJECT/databases/(default)/documents:runQuery' \\",
  '  -d \'{"structuredQuery": {"from": [{"collectionId": "runs"}], "limit": 20, "where": {"fieldFilter": {"field": {"fieldPath": "status.state"}, "op": "EQUAL", "value": {"stringValue": "FAILED"}}}, "orderBy": [{"field": {"fieldPath": "status.createTime"}, "direction": "DESCENDING"}]}}\'',
];
