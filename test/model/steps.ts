import { statusFile } from '../../shared/core/run/files.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import { INBOX } from '../support/world.ts';
import { dataSet, manifest, type Service } from './files.ts';
import type { Mishap } from './gate.ts';
import { BACKUP, type History } from './history.ts';
import { type Delivery, fileOf, type Scene, settled } from './scene.ts';
import type { ModelJob } from './vertex.ts';

/** The alphabet of the model: everything that may happen to a deployment, by name. */

type Deed = (scene: Scene, service: Service) => unknown;
type Drop = History['drops'][number];

const FOLDERS = ['a', 'b'] as const;

function dropOf({ history }: Scene, runId: string): Drop | undefined {
  return history.drops.find((drop) => drop.runId === runId);
}

/** The manifest that is live in a folder has gone: it was deleted, or another one is there. */
function gone({ history, now }: Scene, uri: string): void {
  for (const drop of history.drops) if (drop.uri === uri) drop.goneTime ??= now();
}

function drop(
  scene: Scene,
  folder: string,
  { text, ...said }: { text: string } & Pick<Drop, 'asks' | 'isTwin'>,
) {
  const name = `${folder}/tune.json`;
  const uri = `gs://${INBOX}/${name}`;
  gone(scene, uri);
  const object = scene.fakes.objects.put({ bucket: INBOX, name }, text);
  const isDataLate = scene.fakes.objects.text({ bucket: INBOX, name: `${folder}/train.jsonl` }) === undefined;
  scene.history.drops.push({ runId: runIdOf(object), uri, time: scene.now(), isDataLate, ...said });
  announce(scene, object);
}

function announce(scene: Scene, object: ObjectInfo): void {
  scene.pending.push({ id: `upload-${object.generation}`, kind: 'upload', object });
}

function putData(scene: Scene, folder: string, service: Service): ObjectInfo {
  scene.serial.data = (scene.serial.data ?? 0) + 1;
  const object = { bucket: INBOX, name: `${folder}/train.jsonl` };
  return scene.fakes.objects.put(object, dataSet(service, scene.serial.data));
}

function serialOf(scene: Scene): number {
  scene.serial.drop = (scene.serial.drop ?? 0) + 1;
  return scene.serial.drop;
}

const good = (scene: Scene, service: Service) =>
  manifest(service, { model_display_name: `model-${serialOf(scene)}` });

function dropGood(scene: Scene, folder: string, service: Service): void {
  if (scene.fakes.objects.text({ bucket: INBOX, name: `${folder}/train.jsonl` }) === undefined)
    putData(scene, folder, service);
  drop(scene, folder, { text: good(scene, service), asks: 'job' });
}

function dropAgain(scene: Scene, folder: string): void {
  const name = `${folder}/tune.json`;
  const text = scene.fakes.objects.text({ bucket: INBOX, name });
  const last = scene.history.drops.findLast(({ uri }) => uri === `gs://${INBOX}/${name}`);
  if (text && last) drop(scene, folder, { text, asks: last.asks, isTwin: true });
}

function remove(scene: Scene, folder: string): void {
  const name = `${folder}/tune.json`;
  gone(scene, `gs://${INBOX}/${name}`);
  scene.fakes.objects.remove({ bucket: INBOX, name });
}

const latestRunIn = ({ fakes, history }: Scene, folder: string) => {
  const isDocument = ({ runId, uri }: Drop) => uri.includes(`/${folder}/`) && fakes.runs.documents.has(runId);
  return fakes.runs.documents.get(history.drops.findLast(isDocument)?.runId ?? '');
};

/** A person takes longer than the millisecond by which a document that is made anew is told from the one before. */
function deleteDocument(scene: Scene, folder: string): void {
  const run = latestRunIn(scene, folder);
  if (!run) return;
  scene.pass(1);
  scene.fakes.runs.documents.delete(run.runId);
  scene.history.deletions.push({ runId: run.runId, time: scene.now() });
}

/** A document as it once was, so far back in all of its versions. */
function restoreDocument(scene: Scene, folder: string, back: number): void {
  const { fakes, history, now } = scene;
  const run = latestRunIn(scene, folder);
  if (!run) return;
  const { runId } = run;
  const versions = history.documents.filter((one) => one.runId === runId);
  const older = versions[Math.floor((versions.length - 1) * (1 - back))]?.run;
  if (!older || older.work.revision >= run.work.revision) return;
  const isFileCurrent = fileOf(fakes, run) === statusFile(run);
  fakes.runs.documents.set(runId, older);
  history.restorations.push({ runId, time: now(), isFileCurrent });
  history.documents.push({ runId, time: now(), by: BACKUP, run: older });
}

const inFolder = (folder: string): Record<string, Deed> => ({
  [`drop ${folder}`]: (scene, service) => dropGood(scene, folder, service),
  [`drop ${folder} again`]: (scene) => dropAgain(scene, folder),
  [`drop ${folder} without data`]: (scene, service) => {
    scene.fakes.objects.remove({ bucket: INBOX, name: `${folder}/train.jsonl` });
    for (const one of scene.history.drops) if (one.uri.includes(`/${folder}/`)) one.isDataLate = true;
    drop(scene, folder, { text: good(scene, service), asks: 'job' });
  },
  [`drop ${folder} invalid`]: (scene, service) =>
    drop(scene, folder, { text: manifest(service, { train_steps: 'many' }), asks: 'nothing' }),
  [`drop ${folder} with data of others`]: (scene, service) =>
    drop(scene, folder, {
      text: manifest(service, { dataset_uri: 'gs://decoy/train.jsonl' }),
      asks: 'nothing',
    }),
  [`cancel ${folder}`]: (scene, service) =>
    drop(scene, folder, { text: manifest(service, { cancel: true }), asks: 'cancel' }),
  [`delete ${folder}`]: (scene) => remove(scene, folder),
  [`new data ${folder}`]: (scene, service) => announce(scene, putData(scene, folder, service)),
});

/** Lost for good: only an audit finds what it told of. */
function lose(scene: Scene): void {
  const lost = scene.pending.shift();
  if (lost?.kind !== 'upload') return;
  const one = dropOf(scene, runIdOf(lost.object));
  if (one) one.isEventLost = true;
}

async function deliver(scene: Scene, delivery: Delivery | undefined): Promise<void> {
  if (delivery) await scene.deliver(delivery);
}

const withNewId = (delivery: Delivery | undefined, scene: Scene): Delivery | undefined =>
  delivery && { ...delivery, id: `${delivery.id}-${serialOf(scene)}` };

const documentsIn = (folder: string): Record<string, Deed> => ({
  [`document of ${folder} is deleted`]: (scene) => deleteDocument(scene, folder),
  [`document of ${folder} is restored`]: (scene) => restoreDocument(scene, folder, 0.5),
  [`document of ${folder} is restored from the first backup`]: (scene) => restoreDocument(scene, folder, 1),
});

const DELIVERIES: Record<string, Deed> = {
  'deliver first': (scene) => deliver(scene, scene.pending.at(0)),
  'deliver last': (scene) => deliver(scene, scene.pending.at(-1)),
  'deliver all': async (scene) => {
    for (const one of [...scene.pending]) await deliver(scene, one);
  },
  'deliver acknowledged': (scene) => deliver(scene, scene.acked.at(-1)),
  'deliver very old': (scene) => deliver(scene, scene.acked.at(0)),
  'deliver under new id': (scene) =>
    deliver(scene, withNewId(scene.pending.at(0) ?? scene.acked.at(-1), scene)),
  'lose first': lose,
};

/** The sleeper goes on that has slept longest. */
async function wake({ gate }: Scene): Promise<void> {
  gate.sleepers.shift()?.wake();
  await settled();
}

const TICKS: Record<string, Deed> = {
  poll: (scene) => scene.poll(0),
  'poll elsewhere': (scene) => scene.poll(1),
  'poll restarts': (scene) => {
    const poller = scene.pollers[0];
    if (poller) poller.instance.isDead = true;
  },
  minute: (scene) => scene.pass(61),
  lease: (scene) => scene.pass(601),
  hour: (scene) => scene.pass(3_601),
  day: (scene) => scene.pass(86_401),
  wake,
};

function withJob(deed: (scene: Scene, job: ModelJob) => void): Deed {
  return (scene) => {
    const job = [...scene.vertex.jobs.values()].findLast(({ endMs }) => endMs === undefined);
    if (job) deed(scene, job);
  };
}

const JOBS: Record<string, Deed> = {
  'job succeeds': withJob(({ vertex }, job) => vertex.end(job, 'JOB_STATE_SUCCEEDED')),
  'job fails': withJob(({ vertex }, job) => vertex.end(job, 'JOB_STATE_FAILED', 'StorageDenied')),
  'job fails for now': withJob(({ vertex }, job) =>
    vertex.end(job, 'JOB_STATE_FAILED', 'ArtifactRegistryNotReady'),
  ),
  'job fails for quota': withJob(({ vertex }, job) => vertex.end(job, 'JOB_STATE_FAILED', 'QuotaExceeded')),
  'job is cancelled by hand': withJob(({ vertex }, job) => vertex.end(job, 'JOB_STATE_CANCELLED')),
  'job is deleted': withJob((scene, job) => {
    scene.vertex.remove(job);
    noteLost(scene, job.name);
  }),
  'job loses its labels': withJob(({ history }, job) => {
    job.labels = {};
    for (const made of history.jobs) if (made.name === job.name) made.isUnlabelled = true;
  }),
};

function noteLost({ history, now }: Scene, name: string): void {
  for (const job of history.jobs) if (job.name === name) job.deleteTime ??= now();
}

/** What each kind of call may meet. */
const MISHAPS_OF: Record<string, readonly Mishap[]> = {
  'runs.apply': ['refused', 'lost', 'dies', 'diesAfter', 'sleeps', 'sleepsAfter'],
  'runs.claim': ['lost', 'diesAfter', 'sleeps', 'sleepsAfter'],
  'runs.open': ['refused', 'lost', 'diesAfter', 'sleepsAfter'],
  'runs.get': ['refused', 'sleepsAfter'],
  'runs.listDue': ['refused', 'sleepsAfter'],
  'runs.listActiveOf': ['refused', 'sleepsAfter'],
  'runs.notePublished': ['refused', 'diesAfter'],
  'backend.create': [
    ...([
      'refused',
      'lost',
      'lost',
      'dies',
      'diesAfter',
      'diesAfter',
      'sleeps',
      'sleeps',
      'sleepsAfter',
    ] as const),
    ...(['denied', 'throttled', 'invalid'] as const),
  ],
  'backend.find': ['refused', 'denied', 'sleeps', 'sleepsAfter'],
  'backend.unfinished': ['refused', 'sleepsAfter'],
  'backend.look': ['refused', 'denied', 'sleepsAfter'],
  'backend.cancel': ['refused', 'lost', 'dies', 'diesAfter', 'sleeps'],
  publisher: ['refused', 'lost', 'dies', 'diesAfter', 'sleeps'],
  changes: ['refused', 'lost', 'diesAfter', 'sleeps'],
  'objects.write': ['refused', 'lost', 'dies', 'diesAfter', 'sleeps'],
  'objects.stat': ['refused', 'denied', 'sleepsAfter'],
  'objects.read': ['refused', 'sleeps'],
  'objects.copy': ['lost', 'diesAfter', 'sleeps', 'sleepsAfter'],
  'objects.stream': ['refused', 'sleeps'],
  'objects.list': ['refused', 'sleepsAfter'],
  queues: ['refused', 'sleepsAfter'],
};
const SKIPS = [0, 1, 2];
const ANY: readonly Mishap[] = ['lost', 'dies', 'diesAfter', 'sleeps', 'sleepsAfter'];
const SKIPS_OF_ANY = [0, 1, 2, 3, 4, 5, 6, 8, 10];

function planting(call: string, mishap: Mishap, skip: number): [string, Deed] {
  return [`next ${call} ${mishap} after ${skip}`, ({ gate }) => gate.planted.push({ mishap, call, skip })];
}

const MISHAP_STEPS = Object.fromEntries([
  ...Object.entries(MISHAPS_OF).flatMap(([call, mishaps]) =>
    mishaps.flatMap((mishap) => SKIPS.map((skip) => planting(call, mishap, skip))),
  ),
  ...ANY.flatMap((mishap) => SKIPS_OF_ANY.map((skip) => planting('any', mishap, skip))),
]);

const DOCUMENTS: Record<string, Deed> = Object.assign({}, ...FOLDERS.map(documentsIn));

export const STEPS: Readonly<Record<string, Deed>> = {
  ...Object.assign({}, ...FOLDERS.map(inFolder)),
  ...DOCUMENTS,
  ...DELIVERIES,
  ...TICKS,
  ...JOBS,
  ...MISHAP_STEPS,
};

const namesOf = (table: object) => Object.keys(table);

/** Steps by how often they are wanted: one of each group is as likely as its number says. */
export const GROUPS: readonly { weight: number; steps: readonly string[] }[] = [
  { weight: 3, steps: ['drop a'] },
  { weight: 3, steps: namesOf(inFolder('a')) },
  { weight: 2, steps: namesOf(inFolder('b')) },
  { weight: 9, steps: ['deliver first', 'deliver all'] },
  { weight: 4, steps: namesOf(DELIVERIES) },
  { weight: 5, steps: ['poll'] },
  { weight: 2, steps: ['poll elsewhere', 'poll restarts'] },
  { weight: 6, steps: ['minute', 'minute', 'minute', 'lease', 'lease', 'hour', 'hour', 'day'] },
  { weight: 3, steps: ['wake'] },
  { weight: 3, steps: namesOf(JOBS) },
  { weight: 12, steps: namesOf(MISHAP_STEPS) },
  { weight: 1, steps: namesOf(DOCUMENTS) },
];
