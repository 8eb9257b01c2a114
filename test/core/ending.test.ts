import { describe, expect, test } from 'vitest';
import { MODELS } from '../../shared/core/models/models.ts';
import { successorOf } from '../../shared/core/models/successor.ts';
import { decideNoted, dueNotice, noticeAfter } from '../../shared/core/tuning/ending.ts';
import { retuneOn } from '../../shared/core/tuning/retune.ts';
import { MANIFEST_URI, parse } from '../support/manifests.ts';

/** The base of this model ends on 2027-01-28. */
const MODEL = { baseModel: 'gemini-2.5-flash-lite', createTime: '2026-08-01T00:00:00Z' };
const END = '2027-01-28';
const told = (notice: number, day = END) => ({ day, notice, time: '2026-11-01T00:00:00Z' });

describe('a tuned model', () => {
  test.each<[string, string, number | undefined, number | undefined, string | undefined]>([
    ['is not told of while its end is far', '2026-10-29', undefined, undefined, '2026-10-30'],
    ['is told of 90 days before', '2026-10-30', undefined, 90, '2026-10-30'],
    ['is told of once', '2026-10-31', 90, undefined, '2026-12-29'],
    ['is told of 30 days before', '2026-12-29', 90, 30, '2026-12-29'],
    ['is told of 7 days before', '2027-01-21', 30, 7, '2027-01-21'],
    ['is told to have ended on the day', END, 7, 0, END],
    ['has nothing to be told of after that', '2027-03-01', 0, undefined, undefined],
    ['that is found 10 days before is told of once', '2027-01-18', undefined, 30, '2026-10-30'],
    ['that is found after its end is told to have ended, once', '2027-06-01', undefined, 0, '2026-10-30'],
  ])('%s', (_name, today, last, notice, nextNoticeAt) => {
    const due = dueNotice({ ...MODEL, told: last === undefined ? undefined : told(last) }, today);
    expect(due).toMatchObject({ end: { day: END } });
    expect(due?.notice).toBe(notice);
    expect(due?.nextNoticeAt).toBe(nextNoticeAt && `${nextNoticeAt}T00:00:00.000Z`);
  });

  test('whose end Google has put off is told of the new day', () => {
    expect(dueNotice({ ...MODEL, told: told(7, '2026-12-01') }, '2026-12-05')).toMatchObject({ notice: 90 });
  });

  test.each<[string, Parameters<typeof dueNotice>[0]]>([
    ['whose base has no published end', { ...MODEL, baseModel: 'gemini-3.1-flash-lite' }],
    ['whose base the table does not have', { ...MODEL, baseModel: 'gemini-1.0' }],
    ['that was made after the end of its base', { ...MODEL, baseModel: 'text-bison@002' }],
    ['that the registry has no more', { ...MODEL, goneTime: '2026-09-01T00:00:00Z' }],
  ])('%s has no notice', (_name, model) => {
    expect(dueNotice(model, '2027-01-20')).toBeUndefined();
  });

  test('is told of again only after the notices that were skipped', () => {
    expect(noticeAfter(30, { day: END })).toBe('2027-01-21T00:00:00.000Z');
    expect(noticeAfter(0, { day: END })).toBeUndefined();
  });
});

describe('a note of a notice', () => {
  const note = { version: '1', told: told(30), nextNoticeAt: '2027-01-21T00:00:00.000Z' };

  test.each<[string, Parameters<typeof decideNoted>[0], string[] | undefined]>([
    ['is written', { version: '1', told: told(90) }, ['ending', 'told', 'nextNoticeAt', 'goneTime']],
    ['that another tick wrote changes nothing', { version: '1', told: told(30) }, undefined],
    ['is not taken back by a late one', { version: '1', told: told(7) }, undefined],
    ['leaves the end of a newer version alone', { version: '2' }, ['told', 'nextNoticeAt']],
    ['makes no document', undefined, undefined],
  ])('%s', (_name, current, fields) => {
    const written = decideNoted(current, note);
    expect(written && Object.keys(written)).toEqual(fields);
  });
});

describe('the manifest for a successor', () => {
  const retuned = (manifest: Record<string, unknown>, trainExamples?: number) => {
    const successor = successorOf(String(manifest.base_model), { today: '2026-12-01' });
    return successor && retuneOn(successor, { manifest, uri: MANIFEST_URI, trainExamples });
  };
  const DATA = { dataset_uri: 'gs://inbox/team/reviews/train.jsonl' };

  test('names it, and keeps what it takes', () => {
    const settings = {
      epoch_count: 5,
      adapter_size: 4,
      labels: { team: 'a' },
      model_display_name: 'reviews',
    };
    expect(retuned({ base_model: 'gemini-2.5-flash', ...DATA, ...settings })).toEqual({
      manifest: { base_model: 'gemini-3.5-flash', ...DATA, ...settings },
      leftOut: [],
    });
  });

  test('leaves out what it does not take, and says so', () => {
    const key = 'projects/my-project/locations/us-east4/keyRings/r/cryptoKeys/k';
    const left = { pipeline_job_region: 'us-east4', encryption_spec_key_name: key };
    expect(retuned({ base_model: 'gemini-2.5-flash', ...DATA, ...left, dry_run: false })).toEqual({
      manifest: { base_model: 'gemini-3.5-flash', ...DATA },
      leftOut: ['pipeline_job_region', 'encryption_spec_key_name'],
    });
  });

  test('goes on from no tuned model: that ends too', () => {
    const pre = 'projects/my-project/locations/us-central1/models/123';
    expect(retuned({ base_model: 'gemini-2.5-flash', ...DATA, pre_tuned_model: pre })).toMatchObject({
      leftOut: ['pre_tuned_model'],
    });
  });

  test('counts in epochs where the old one counted in steps', () => {
    const old = { base_model: 'text-bison@002', ...DATA, train_steps: 300, evaluation_interval: 20 };
    expect(retuned({ ...old, evaluation_data_uri: DATA.dataset_uri }, 240)).toEqual({
      manifest: {
        ...{ base_model: 'gemini-3.1-flash-lite', ...DATA, evaluation_data_uri: DATA.dataset_uri },
        epoch_count: 10,
      },
      leftOut: ['evaluation_interval'],
    });
    // Nobody has counted the examples: the upload does.
    expect(retuned(old)?.manifest).toMatchObject({ train_steps: 300 });
  });

  test('is none for data that it does not read', () => {
    const dataset_name = 'projects/my-project/locations/us-central1/datasets/1';
    expect(retuned({ base_model: 'text-bison@002', dataset_name })).toBeUndefined();
  });

  test('is of a model that lives: the successor of one that has ended is passed over', () => {
    expect(successorOf('textembedding-gecko@002', { today: '2026-12-01' })?.reference).toBe(
      'text-embedding-005',
    );
    expect(successorOf('textembedding-gecko@002', { today: '2027-05-01' })).toBeUndefined();
    expect(successorOf('text-embedding-005', { today: '2026-12-01' })).toBeUndefined();
  });

  test('is of a model that is tuned in the same way', () => {
    const asked = { today: '2026-12-01', method: 'preference' } as const;
    expect(successorOf('gemini-2.5-flash', asked)).toBeUndefined();
  });

  const ENDING: [string, string][] = MODELS.flatMap(({ reference }): [string, string][] => {
    const successor = successorOf(reference, { today: '2026-12-01' });
    return successor ? [[reference, successor.reference]] : [];
  });
  test.each(ENDING)('of %s is right for %s', (base_model, successor) => {
    const files = { queries_path: 'q.jsonl', corpus_path: 'c.jsonl', train_label_path: 't.tsv' };
    const data = base_model.includes('embedding') ? files : DATA;
    const manifest = retuned({ base_model, ...data })?.manifest;
    expect(manifest).toMatchObject({ base_model: successor });
    expect(parse(manifest).issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
