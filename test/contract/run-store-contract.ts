import { beforeEach, describe, expect, test } from 'vitest';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import type { ClaimRequest } from '../../shared/core/run/claim.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { ModelDocument } from '../../shared/core/tuning/results.ts';
import type { RunStore } from '../../shared/ports.ts';
import type { LogEntry } from '../support/log.ts';
import { aProgress, aRun, at, NOW, type RunOptions } from '../support/runs.ts';

export interface RunStoreUnderTest {
  store: RunStore;
  log: LogEntry[];
  /** `runs/{runId}/metrics/{key}` */
  curveOf: (runId: string, key: string) => Promise<unknown>;
  modelOf: (model: string) => Promise<unknown>;
  /** Writes `runs/{runId}` as another version of the product, or a person, might. */
  put: (runId: string, document: Fields) => Promise<void>;
  /** Deletes that document, and no other. */
  remove: (runId: string) => Promise<void>;
  /** What is stored there. */
  stored: (runId: string) => Promise<Fields | undefined>;
  /** The run that the manifest path of this run points to. */
  pointedFrom: (run: Run) => Promise<string | undefined>;
}

export type Fields = Record<string, unknown>;

export const VALIDATED: RunEvent = {
  type: 'Validated',
  reason: 'ChecksPassed',
  message: 'checked',
  next: { action: 'submit', at: at(60) },
};

export const claim = (
  owner: string,
  now = NOW,
  action: ClaimRequest['action'] = 'validate',
): ClaimRequest => ({
  owner,
  leaseMs: 60_000,
  action,
  now,
});

/** What every run store does, whatever keeps the documents. */
export function runStoreContract(name: string, connect: () => Promise<RunStoreUnderTest>): void {
  describe(`run store: ${name}`, () => {
    let under: RunStoreUnderTest;
    let serial = Date.now();
    const fresh = (options: RunOptions = {}) => aRun({ folder: `folder-${serial++}`, ...options });

    beforeEach(async () => {
      under = await connect();
    });

    test('a run that nobody opened does not exist', async () => {
      expect(await under.store.get(fresh().runId)).toBeUndefined();
      expect(await under.store.claim(fresh().runId, claim('a'))).toBeUndefined();
    });

    test('opening creates the run, claimed, and points its manifest path to it', async () => {
      const run = fresh();
      const opened = await under.store.open(run, claim('a'));
      expect(opened).toMatchObject({
        outcome: 'claimed',
        run: { work: { epoch: 1, owner: 'a', revision: 1 } },
      });
      expect(await under.store.get(run.runId)).toEqual(opened.run);
      expect(await under.pointedFrom(run)).toBe(run.runId);
    });

    test('a second delivery of the same upload finds the run busy', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      expect((await under.store.open(run, claim('b', at(10)))).outcome).toBe('busy');
    });

    test('an event that comes again takes its own lease back at once, and fences the function that died over it', async () => {
      const run = fresh();
      await under.store.open(run, claim('event-1'));
      const again = await under.store.open(run, claim('event-1', at(5)));
      expect(again).toMatchObject({ outcome: 'claimed', run: { work: { epoch: 2, owner: 'event-1' } } });
      expect((await under.store.apply(run.runId, VALIDATED, at(6), { epoch: 1 })).outcome).toBe('fenced');
    });

    test('a lease that has run out can be taken over, which fences the first holder', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      const second = await under.store.claim(run.runId, claim('b', at(61)));
      expect(second).toMatchObject({ outcome: 'claimed', run: { work: { epoch: 2, owner: 'b' } } });
      expect((await under.store.apply(run.runId, VALIDATED, at(62), { epoch: 1 })).outcome).toBe('fenced');
      expect((await under.store.apply(run.runId, VALIDATED, at(62), { epoch: 2 })).outcome).toBe('changed');
    });

    test('of many that claim at once one wins', async () => {
      const run = fresh();
      const claims = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((owner) => under.store.open(run, claim(owner))),
      );
      expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    });

    test('a change is written once, with one entry of history', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      expect((await under.store.apply(run.runId, VALIDATED, at(1))).outcome).toBe('changed');
      expect((await under.store.apply(run.runId, VALIDATED, at(2))).outcome).toBe('unchanged');
      const stored = await under.store.get(run.runId);
      expect(stored?.status).toMatchObject({
        state: 'VALIDATED',
        reason: 'ChecksPassed',
        validateTime: at(1),
      });
      expect(stored?.work).toMatchObject({ nextAction: 'submit', nextActionAt: at(60), owner: null });
      expect(stored?.status.history).toMatchObject([
        { time: NOW, to: 'RECEIVED' },
        { time: at(1), from: 'RECEIVED', to: 'VALIDATED', reason: 'ChecksPassed' },
      ]);
    });

    test('a write that names an old revision is fenced', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      await under.store.apply(run.runId, VALIDATED, at(1));
      const late = await under.store.apply(run.runId, VALIDATED, at(2), { revision: 1 });
      expect(late.outcome).toBe('fenced');
    });

    test('what is done cannot be claimed', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      await under.store.apply(run.runId, VALIDATED, at(1));
      expect((await under.store.open(run, claim('b', at(999)))).outcome).toBe('done');
    });

    test('an event for a run that does not exist is a permanent error', async () => {
      await expect(under.store.apply(fresh().runId, VALIDATED, NOW)).rejects.toMatchObject({
        kind: 'permanent',
      });
    });

    test('of two runs with the same bytes the second is a duplicate, also when both finish at once', async () => {
      const [one, two] = [fresh(), fresh()];
      const fingerprint = `same-${serial++}`;
      await Promise.all([under.store.open(one, claim('a')), under.store.open(two, claim('b'))]);
      const event = { ...VALIDATED, spec: { fingerprint } };
      const results = await Promise.all(
        [one, two].map((run) =>
          under.store.apply(run.runId, event, at(1), { uniqueFingerprint: fingerprint }),
        ),
      );
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'duplicate']);
    });

    test('the bytes of a run that failed may run again', async () => {
      const [one, two] = [fresh(), fresh()];
      const fingerprint = `again-${serial++}`;
      await Promise.all([under.store.open(one, claim('a')), under.store.open(two, claim('b'))]);
      const event = { ...VALIDATED, spec: { fingerprint } };
      await under.store.apply(one.runId, event, at(1));
      await under.store.apply(
        one.runId,
        { type: 'SubmitFailed', reason: 'RequestRefused', message: 'no', next: null },
        at(2),
      );
      const again = await under.store.apply(two.runId, event, at(3), { uniqueFingerprint: fingerprint });
      expect(again.outcome).toBe('changed');
    });

    test('due runs come oldest first, and those with nothing left to do never', async () => {
      const base = 10_000_000 + (serial++ % 1000) * 1000;
      const runs = [3, 1, 2].map((second) => ({ run: fresh(), second: base + second }));
      for (const { run, second } of runs) {
        await under.store.open(run, claim('a'));
        await under.store.apply(
          run.runId,
          { ...VALIDATED, next: { action: 'submit', at: at(second) } },
          at(1),
        );
      }
      const over = fresh();
      await under.store.open(over, claim('a'));
      await under.store.apply(
        over.runId,
        { type: 'Planned', reason: 'DryRun', message: '', next: null },
        at(1),
        { published: 2 },
      );
      const due = (await under.store.listDue(at(base + 2))).map(({ runId }) => runId);
      const expected = [runs[1], runs[2]].map((entry) => entry?.run.runId);
      expect(due.filter((id) => runs.some(({ run }) => run.runId === id))).toEqual(expected);
      expect(due).not.toContain(over.runId);
    });

    test('a run whose end was not published stays due until that is noted, and is not under way', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      const event: RunEvent = { type: 'Planned', reason: 'DryRun', message: '', next: null };
      const ended = await under.store.apply(run.runId, event, at(1), { published: 1 });
      expect(ended.run.work).toMatchObject({ nextAction: 'publish', nextActionAt: at(1), published: 1 });
      const isDue = async () => (await under.store.listDue(at(1))).some(({ runId }) => runId === run.runId);
      expect(await isDue()).toBe(true);
      expect(await under.store.listActiveOf(run.spec.source)).toEqual([]);
      await under.store.notePublished(run.runId, 2);
      expect(await isDue()).toBe(false);
      await under.store.notePublished(run.runId, 1);
      expect((await under.store.get(run.runId))?.work).toMatchObject({
        ...{ nextAction: null, nextActionAt: null, published: 2 },
      });
    });

    test('a run that waits for an upload is found by its URI until it goes on', async () => {
      const run = fresh();
      const uri = `gs://inbox/${run.runId}/train.jsonl`;
      await under.store.open(run, claim('a'));
      await under.store.apply(
        run.runId,
        {
          type: 'DatasetMissing',
          reason: 'DatasetMissing',
          message: 'waiting',
          next: { action: 'validate', at: at(30) },
          waitingFor: [uri],
        },
        at(1),
      );
      expect((await under.store.listWaitingFor(uri)).map(({ runId }) => runId)).toEqual([run.runId]);
      await under.store.apply(run.runId, VALIDATED, at(2));
      expect(await under.store.listWaitingFor(uri)).toEqual([]);
    });

    test('the unfinished runs of a manifest path are found, the finished are not', async () => {
      const folder = `path-${serial++}`;
      const [old, live] = [fresh({ folder, generation: '1' }), fresh({ folder, generation: '2' })];
      for (const run of [old, live]) await under.store.open(run, claim('a'));
      await under.store.apply(
        old.runId,
        { type: 'Planned', reason: 'DryRun', message: '', next: null },
        at(1),
      );
      const active = await under.store.listActiveOf(live.spec.source);
      expect(active.map(({ runId }) => runId)).toEqual([live.runId]);
      expect(gsUri(live.spec.source)).toBe(live.spec.source.uri);
    });

    test('the runs of a manifest path before one of them are found, the newest first, no more than are asked for', async () => {
      const folder = `path-${serial++}`;
      const made = (generation: string) =>
        fresh({ folder, generation, status: { createTime: at(Number(generation)) } });
      const [first, second, third, last] = [made('1'), made('2'), made('3'), made('4')];
      for (const run of [third, first, last, second, fresh()]) await under.store.open(run, claim('a'));
      const earlierThan = async (run: Run, most: number) =>
        (await under.store.listEarlierOf(run, most)).map(({ runId }) => runId);
      expect(await earlierThan(third, 10)).toEqual([second.runId, first.runId]);
      expect(await earlierThan(last, 2)).toEqual([third.runId, second.runId]);
      expect(await earlierThan(first, 10)).toEqual([]);
    });

    test('curves are kept whole beside the run, and written only where they changed', async () => {
      const run = fresh();
      const loss: MetricSeries = { name: '/train_total_loss', points: [{ step: 0, value: 4.5 }] };
      const longer = { ...loss, points: [...loss.points, { step: 20, value: 0.25 }] };
      const accuracy: MetricSeries = { name: '/eval_fraction_of_correct_next_step_preds', points: [] };
      expect(await under.store.saveSeries(run.runId, [loss, accuracy])).toBe(2);
      expect(await under.store.saveSeries(run.runId, [loss, accuracy])).toBe(0);
      expect(await under.store.saveSeries(run.runId, [longer, accuracy])).toBe(1);
      expect(await under.store.saveSeries(run.runId, [])).toBe(0);
      expect(await under.curveOf(run.runId, 'train_total_loss')).toEqual(longer);
    });

    test('how far a job is is kept beside the run, whose document does not change', async () => {
      const run = fresh();
      await under.store.open(run, claim('a'));
      const before = await under.stored(run.runId);
      const source = { tensorboard: 't', experiment: 'e', matchedBy: 'id' as const, time: at(1) };
      const series = [{ name: 'e/runs/r/timeSeries/1', metric: '/train_total_loss' as const }];
      const progress = aProgress({ step: 3, stage: undefined, curves: { ...source, series } });
      expect(await under.store.progressOf(run.runId)).toBeUndefined();
      await under.store.saveProgress(run.runId, progress);
      await under.store.saveProgress(run.runId, { ...progress, step: 4 });
      expect(await under.store.progressOf(run.runId)).toEqual({ ...progress, step: 4 });
      expect(await under.stored(run.runId)).toEqual(before);
    });

    test('the model of a run is written with the change that made it, and not without', async () => {
      const run = fresh();
      const model: ModelDocument = {
        model: `projects/1/locations/us-central1/models/${serial++}`,
        version: '1',
        displayName: 'reviews',
        baseModel: 'text-bison@002',
        runId: run.runId,
        region: 'us-central1',
        createTime: at(1),
        labels: { team: 'a' },
      };
      await under.store.open(run, claim('a'));
      const late = await under.store.apply(run.runId, VALIDATED, at(1), { model, epoch: 99 });
      expect(late.outcome).toBe('fenced');
      expect(await under.modelOf(model.model)).toBeUndefined();
      await under.store.apply(run.runId, VALIDATED, at(1), { model });
      expect(await under.modelOf(model.model)).toEqual({ ...model, versions: ['1'] });
      // A project has two names, and an id is one in its region only.
      const [, , , , , id] = model.model.split('/');
      const found = async (name: string) => (await under.store.tunedModel(name))?.model;
      expect(await found(`${model.model}@1`)).toBe(model.model);
      expect(await found(`projects/my-project/locations/us-central1/models/${id}`)).toBe(model.model);
      expect(await found(`projects/1/locations/europe-west4/models/${id}`)).toBeUndefined();
      expect(await found('projects/1/locations/us-central1/models/0')).toBeUndefined();
    });

    test('a model that goes on keeps one document, of its latest version, with all versions that runs made', async () => {
      const name = `projects/1/locations/us-central1/models/${serial++}`;
      for (const [version, labels] of [
        ['1', { team: 'a' }],
        ['2', {}],
      ] as const) {
        const run = fresh();
        const model: ModelDocument = {
          ...{ model: name, version, displayName: 'reviews', baseModel: 'gemini-3.1-flash-lite' },
          ...{ runId: run.runId, region: 'us-central1', createTime: at(1), labels },
          endpoint: version === '1' ? 'projects/1/locations/us-central1/endpoints/1' : undefined,
        };
        await under.store.open(run, claim('a'));
        await under.store.apply(run.runId, VALIDATED, at(1), { model });
      }
      expect(await under.modelOf(name)).toMatchObject({ version: '2', versions: ['1', '2'] });
      const { labels, endpoint } = (await under.modelOf(name)) as ModelDocument;
      expect({ labels, endpoint }).toEqual({ labels: {}, endpoint: undefined });
    });
  });
}
