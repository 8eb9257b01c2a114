import { beforeEach, describe, expect, test } from 'vitest';
import type { EndingNote, ModelEnding } from '../../shared/core/tuning/ending.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import type { TunedModels } from '../../shared/ports.ts';
import { aRun, at, NOW } from '../support/runs.ts';
import { claim, type RunStoreUnderTest, VALIDATED } from './run-store-contract.ts';

export interface TunedModelsUnderTest extends RunStoreUnderTest {
  models: TunedModels;
  /** Deletes every document of a model. */
  forgetModels: () => Promise<void>;
}

const ENDING: ModelEnding = {
  ...{ day: '2027-01-28', source: 'Google', daysLeft: 30, asOf: '2026-12-29', message: 'It ends.' },
  ...{ successor: 'gemini-3.1-flash-lite', retuneManifest: { base_model: 'gemini-3.1-flash-lite' } },
};
const told = (notice: number) => ({ day: ENDING.day, notice, time: NOW });

/** What the look at the ends of tuned models finds and writes, whatever keeps the documents. */
export function tunedModelsContract(name: string, connect: () => Promise<TunedModelsUnderTest>): void {
  describe(`tuned models: ${name}`, () => {
    let under: TunedModelsUnderTest;
    let serial = Date.now();
    const nameOf = (number: number) => `projects/1/locations/us-central1/models/${number}`;
    const idOf = (model: ModelDocument) => modelId(model.model);

    beforeEach(async () => {
      under = await connect();
      await under.forgetModels();
    });

    /** A model as a run writes it at its end. */
    async function registered(number: number, over: Partial<ModelDocument> = {}): Promise<ModelDocument> {
      const run = aRun({ folder: `models-${serial++}` });
      const model: ModelDocument = {
        ...{ model: nameOf(number), version: '1', displayName: 'reviews' },
        ...{ baseModel: 'gemini-2.5-flash-lite', runId: run.runId, region: 'us-central1' },
        ...{ createTime: at(1), labels: {}, ...over },
      };
      await under.store.open(run, claim('a'));
      await under.store.apply(run.runId, VALIDATED, at(1), { model });
      return model;
    }

    test('are found when their notice is due, the earliest first, at most so many', async () => {
      await registered(1, { nextNoticeAt: at(20) });
      await registered(2, { nextNoticeAt: at(10) });
      await registered(3, { nextNoticeAt: at(40) });
      await registered(4);
      const due = async (most: number) => (await under.models.dueForNotice(at(30), most)).map(idOf);
      expect(await due(9)).toEqual(['2', '1']);
      expect(await due(1)).toEqual(['2']);
    });

    test('are gone through page by page, each once', async () => {
      for (const number of [11, 12, 13]) await registered(number);
      const first = await under.models.page(undefined, 2);
      expect([first.models.map(idOf), first.next]).toEqual([['11', '12'], '12']);
      const second = await under.models.page(first.next, 2);
      expect([second.models.map(idOf), second.next]).toEqual([['13'], undefined]);
      expect(await under.models.page('13', 2)).toEqual({ models: [], next: undefined });
    });

    test('keep what is noted of their end beside what the registry says, and lose what is not there any more', async () => {
      const model = await registered(21);
      const note: EndingNote = { version: '1', ending: ENDING, told: told(30), nextNoticeAt: at(60) };
      await under.models.note(model.model, note);
      const { version, ...kept } = note;
      expect(await under.modelOf(model.model)).toEqual({ ...model, versions: [version], ...kept });
      await under.models.note(model.model, { version: '1' });
      expect(await under.modelOf(model.model)).toEqual({ ...model, versions: ['1'], told: told(30) });
    });

    test('are told once: a note that comes late, or of a model that is gone, changes nothing', async () => {
      const model = await registered(31);
      await under.models.note(model.model, { version: '1', ending: ENDING, told: told(7) });
      const before = await under.modelOf(model.model);
      await under.models.note(model.model, { version: '1', told: told(30), nextNoticeAt: at(60) });
      expect(await under.modelOf(model.model)).toEqual(before);
      await under.models.note(nameOf(32), { version: '1', ending: ENDING, told: told(30) });
      expect(await under.modelOf(nameOf(32))).toBeUndefined();
    });

    test('keep what was told when a run makes a new version, whose end is not that of the one before', async () => {
      const model = await registered(41, { nextNoticeAt: at(5), goneTime: NOW });
      await under.models.note(model.model, {
        version: '1',
        ending: ENDING,
        told: told(90),
        nextNoticeAt: at(60),
      });
      const next = await registered(41, { version: '2', ending: undefined, nextNoticeAt: at(5) });
      const { ending, ...written } = next;
      expect(await under.modelOf(model.model)).toEqual({
        ...written,
        ...{ versions: ['1', '2'], told: told(90) },
      });
      expect(ending).toBeUndefined();
      await under.models.note(model.model, {
        version: '1',
        ending: ENDING,
        told: told(30),
        nextNoticeAt: at(70),
      });
      expect(await under.modelOf(model.model)).toMatchObject({
        ...{ version: '2', told: told(30), nextNoticeAt: at(70) },
      });
      expect(await under.modelOf(model.model)).not.toHaveProperty('ending');
    });
  });
}
