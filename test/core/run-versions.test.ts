import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import { statusFile } from '../../shared/core/run/files.ts';
import { isPublished, type Run, SCHEMA_VERSION } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { readStoredRun } from '../../shared/core/run/versions.ts';
import { buildJobRequest } from '../../shared/core/tuning/job-request.ts';
import { aPlan, aRun, NOW } from '../support/runs.ts';

/** Documents as functions of earlier versions left them, recorded from runs on the embedded cloud. */
const RECORDED = new URL('../payloads/run-documents/', import.meta.url);

type Fields = Record<string, unknown>;
const recorded = (readdirSync(RECORDED, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    name: file.replace(/\.json$/, ''),
    document: JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8')) as Fields & Pick<Run, 'status'>,
  }));

function read(document: unknown): Run {
  const stored = readStoredRun(document);
  if (stored.outcome !== 'readable') throw new Error(JSON.stringify(stored));
  return stored.run;
}

describe('the recorded document', () => {
  test.each(recorded)('$name is read, with all that it says', ({ document }) => {
    const run = read(document);
    expect(run.schemaVersion).toBe(SCHEMA_VERSION);
    expect(run.status).toEqual(document.status);
    expect(renderReport({ run, series: [] })).toContain(run.status.state);
    expect(JSON.parse(statusFile(run))).toMatchObject({ runId: run.runId, status: document.status });
    expect(run.work.nextAction === null).toBe(isTerminal(run.status.state) && isPublished(run));
    if (run.spec.plan) expect(buildJobRequest(run.spec.plan).body.labels).toBeDefined();
    expect(read(JSON.parse(JSON.stringify(run)))).toEqual(run);
  });
});

describe('a document of version 1', () => {
  const { schemaVersion: _two, spec, work, ...rest } = aRun({ spec: { plan: aPlan() } });
  const { backend: _one, ...plan } = aPlan();
  const { published: _none, ...oldWork } = work;
  const old = (over: Fields = {}) => ({
    ...rest,
    schemaVersion: 1,
    spec: { ...spec, plan },
    work: { ...oldWork, ...over },
  });

  test('says of `tell` what is now `publish`, and knows one backend', () => {
    const run = read(old({ told: 2, nextAction: 'tell' }));
    expect(run.work).toMatchObject({ published: 2, nextAction: 'publish' });
    expect(run.work).not.toHaveProperty('told');
    expect(run.spec.plan?.backend).toBe('pipelineJobs');
  });

  test('of before there was a history, requests or links is read without them', () => {
    const { history: _history, links: _links, ...status } = rest.status;
    const { requests: _requests, waitingFor: _waitingFor, ...before } = oldWork;
    const job = {
      name: 'projects/1/locations/l/pipelineJobs/j',
      state: 'PIPELINE_STATE_RUNNING',
      region: 'l',
    };
    const run = read({ ...rest, schemaVersion: 1, spec, status: { ...status, job }, work: before });
    expect(run.status).toMatchObject({ history: [], links: {}, job: { attempt: 1 } });
    expect(run.work).toMatchObject({ published: 0, requests: 0, waitingFor: [] });
  });
});

describe('a document', () => {
  test('keeps what this version does not know, wherever it stands', () => {
    const known = aRun({ spec: { plan: aPlan() } });
    const run = read({
      ...known,
      owner: 'team-a',
      spec: { ...known.spec, plan: { ...aPlan(), priority: 1 } },
      status: { ...known.status, history: known.status.history.map((entry) => ({ ...entry, by: 'hand' })) },
    });
    expect(run).toMatchObject({
      owner: 'team-a',
      spec: { plan: { priority: 1 } },
      status: { history: [{ by: 'hand', time: NOW }] },
    });
  });

  test('of a later version is not read at all', () => {
    expect(readStoredRun({ ...aRun(), schemaVersion: SCHEMA_VERSION + 1 })).toEqual({
      ...{ outcome: 'newer', schemaVersion: SCHEMA_VERSION + 1 },
    });
  });

  test.each([
    { name: 'is no object', document: 'text', problem: 'the whole document: not an object' },
    { name: 'has no version', document: { runId: 'r' }, problem: 'schemaVersion: not a number' },
    {
      name: 'has a version that never was',
      document: { ...aRun(), schemaVersion: 0 },
      problem: 'schemaVersion: ',
    },
    {
      name: 'has a field of another type',
      document: { ...aRun(), work: { ...aRun().work, epoch: 'secret' } },
      problem: 'work.epoch: Invalid input: expected number, received string',
    },
    {
      name: 'is in a state that nobody knows',
      document: { ...aRun(), status: { ...aRun().status, state: 'DREAMING' } },
      problem: 'status.state: ',
    },
    { name: 'lacks much', document: { schemaVersion: 1, status: {} }, problem: '; and ' },
  ])(
    'that $name is told with the place that does not fit, and none of its content',
    ({ document, problem }) => {
      const stored = readStoredRun(document);
      expect(stored).toEqual({ outcome: 'unreadable', problem: expect.stringContaining(problem) });
      expect(JSON.stringify(stored)).not.toMatch(/secret|DREAMING/);
    },
  );
});

test('a run that version 2 let wait for other jobs waits in the queue of its kind', () => {
  const run = aRun({ state: 'VALIDATED', spec: { plan: aPlan() }, status: { reason: 'TooManyActiveJobs' } });
  const before = { ...run, schemaVersion: 2, work: { ...run.work, nextAction: 'submit', nextActionAt: NOW } };
  expect(readStoredRun(before)).toMatchObject({
    run: {
      status: { queue: { kind: 'pipelines' } },
      work: { nextAction: 'admit', queue: `pipelines/${NOW}/${run.runId}` },
    },
  });
});

test('a document of version 3 is read as it is: it has no evaluation', () => {
  const run = aRun({ state: 'SUCCEEDED' });
  expect(readStoredRun({ ...run, schemaVersion: 3 })).toEqual({ outcome: 'readable', run });
});
