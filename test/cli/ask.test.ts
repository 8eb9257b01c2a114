import { expect, test } from 'vitest';
import { findAsked } from '../../cli/ask/asked.ts';
import { showAnswers } from '../../cli/ask/show.ts';
import type { OpenDeployment } from '../../cli/deployment/open.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aPlan, aRun } from '../support/runs.ts';

/** A deployment that has one run and no document of a model. */
function withRun(run: Run): Pick<OpenDeployment, 'deployment' | 'documents' | 'runs'> {
  return {
    deployment: {
      ...{ project: 'p', inbox: 'inbox', results: 'results', database: 'tunedrop', region: 'us-central1' },
      foundBy: '--project',
    },
    documents: { get: async () => [], query: async () => [], nameOf: (path) => path },
    runs: {
      list: async () => ({ runs: [run], unreadable: 0, isCut: false }),
      get: async () => run,
      find: async () => run,
      ofManifest: async () => [run],
    },
  };
}

const tuned = (baseModel: string, status: Partial<Run['status']>) =>
  aRun({ state: 'SUCCEEDED', spec: { plan: aPlan({ baseModel }) }, status });

test('an open model that nobody has deployed is told so, with what deploys it', async () => {
  const run = tuned('google/gemma4@gemma-4-e2b-it', {
    howToCall: { first: 'gcloud ai model-garden deploy', curl: '' },
  });
  expect(await findAsked('reviews', withRun(run))).toBe(
    'An open model leaves weights, and answers where somebody deploys them. To deploy it:\ngcloud ai model-garden deploy',
  );
  expect(await findAsked('google/gemma4@gemma-4-e2b-it', withRun(run))).toContain(
    'answers where somebody deploys it',
  );
});

test('a tuned Gemini 3 and its base are asked in the multi-region where the tuned one answers', async () => {
  const endpoint = 'projects/1/locations/europe-west4/endpoints/7';
  const asked = await findAsked('reviews', withRun(tuned('gemini-3.1-flash-lite', { endpoint })));
  expect(asked).toMatchObject({
    models: [
      { role: 'tuned', location: 'eu', name: 'projects/1/locations/eu/endpoints/7' },
      {
        role: 'base',
        location: 'eu',
        name: 'projects/1/locations/eu/publishers/google/models/gemini-3.1-flash-lite',
      },
    ],
  });
});

test('another checkpoint is asked where it answers, and one that is not there is named beside those that are', async () => {
  const at = (id: number) => `projects/1/locations/us-central1/endpoints/${id}`;
  const result = {
    checkpoints: [{ id: '1', endpoint: at(1) }, { id: '2' }, { id: '3', endpoint: at(7) }],
  };
  const world = withRun(tuned('gemini-3.1-flash-lite', { endpoint: at(7), result }));
  expect(await findAsked('reviews', world, '1')).toMatchObject({
    models: [{ role: 'tuned', name: 'projects/1/locations/us/endpoints/1' }, { role: 'base' }],
  });
  expect(await findAsked('reviews', world, '2')).toMatch(/has no checkpoint 2 that answers: it has 1, 3\.$/);
  expect(await findAsked('gemini-3.1-flash-lite', world, '1')).toContain('A base model has no checkpoints');
});

test.each([
  { columns: 90, lines: 3 },
  { columns: 60, lines: 8 },
])('in $columns columns two answers take $lines lines, and no line is wider', ({ columns, lines }) => {
  const said = { model: '', baseModel: 'm', prompt: '', systemInstruction: null, answer: 'yes' };
  const text = showAnswers(
    [
      { ...said, role: 'tuned' },
      { ...said, role: 'base', answer: null, error: 'nobody answers' },
    ],
    columns,
  );
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(lines);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(text).toContain('No answer: nobody answers');
});
