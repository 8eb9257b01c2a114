import { describe, expect, it, test } from 'vitest';
import { lineOfExample } from '../../shared/core/dataset/lines/blank-lines.ts';
import { digest } from '../../shared/core/objects/digest.ts';
import { dataOf } from '../../shared/core/report/data.ts';
import { tuningPlan } from '../support/plans.ts';
import { createWorld, examples, RESULTS, type World } from '../support/world.ts';

const GEMINI = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', evaluation_split: 0.1 };

/** The world after an upload of this data under this manifest. */
async function uploaded(data: string, manifest: object = {}) {
  const world = createWorld();
  world.upload('reviews/train.jsonl', data);
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ ...GEMINI, ...manifest })));
  return { world, run: world.theRun() };
}

const linesAt = (world: World, uri: string | undefined) => {
  const name = String(uri).slice(`gs://${RESULTS}/`.length);
  return String(world.objects.text({ bucket: RESULTS, name }))
    .trim()
    .split('\n');
};
const row = (input: string | number, output: string | number) =>
  JSON.stringify({ input_text: `${input}`, output_text: `${output}` });

describe('training data of which a tenth is kept for the evaluation', () => {
  it('is trained on and evaluated on in two parts, which the document names', async () => {
    const { world, run } = await uploaded(examples(120));
    expect(run.status.state).toBe('VALIDATED');
    const staged = `gs://${RESULTS}/staging/${run.runId}`;
    const source = run.spec.datasets?.dataset_uri;
    expect(source).toMatchObject({
      stagedUri: `${staged}/train.jsonl`,
      convertedUri: `${staged}/train.contents.jsonl`,
      split: {
        ...{ asked: 0.1, training: 108, evaluation: 12 },
        trainingUri: `${staged}/train.contents.training.jsonl`,
        evaluationUri: `${staged}/train.contents.evaluation.jsonl`,
      },
    });
    expect(run.spec.datasets?.evaluation_data_uri).toMatchObject({
      uri: 'gs://inbox/reviews/train.jsonl',
      stagedUri: source?.split?.evaluationUri,
    });
    expect(tuningPlan(run.spec.plan)).toMatchObject({
      trainingDatasetUri: source?.split?.trainingUri,
      validationDatasetUri: source?.split?.evaluationUri,
      training: { examples: 108 },
    });
    const parts = [
      ...linesAt(world, source?.split?.trainingUri),
      ...linesAt(world, source?.split?.evaluationUri),
    ];
    expect(parts.sort()).toEqual(linesAt(world, source?.convertedUri).sort());
  });

  it('counts examples, tokens and cost of what is left to train on', async () => {
    const { run: whole } = await uploaded(`${examples(120)}\n`, { evaluation_split: undefined });
    const { run } = await uploaded(`${examples(120)}\n`);
    const { dataset_uri: training, evaluation_data_uri: evaluation } = run.status.datasets ?? {};
    expect(training).toMatchObject({
      role: 'training',
      examples: 108,
      evaluationLines: 12,
      blankLines: 0,
      lines: 120,
    });
    expect(evaluation).toMatchObject({ role: 'evaluation', examples: 12 });
    expect(whole.status.datasets?.dataset_uri?.bytes).toBe((training?.bytes ?? 0) + (evaluation?.bytes ?? 0));
    expect(run.status.cost?.trainingTokens?.estimate).toBeLessThan(
      whole.status.cost?.trainingTokens?.estimate ?? 0,
    );
  });

  it('has the lines of the evaluation in its document, by their numbers in the uploaded file', async () => {
    const data = examples(60).trimEnd().split('\n').join('\n\n');
    const { world, run } = await uploaded(data, { base_model: 'text-bison@002', evaluation_split: 10 });
    const { split } = run.spec.datasets?.dataset_uri ?? {};
    const uploadedLines = data.split('\n');
    expect(split?.evaluationLines?.map((line) => uploadedLines[line - 1])).toEqual(
      linesAt(world, split?.evaluationUri),
    );
    expect(split?.evaluationLinesFile).toBeUndefined();
  });

  it('has many of them in a file of the run’s folder', async () => {
    const { world, run } = await uploaded(examples(600), { evaluation_split: 0.5 });
    const { split } = run.spec.datasets?.dataset_uri ?? {};
    expect(split?.evaluationLines).toBeUndefined();
    expect(split?.evaluationLinesFile).toBe(`${run.status.folder}evaluation-lines.txt`);
    expect(linesAt(world, split?.evaluationLinesFile)).toHaveLength(300);
  });

  it('says so in one advice', async () => {
    const { run } = await uploaded(examples(120));
    expect(run.status.issues?.filter(({ code }) => code === 'dataset_split')).toMatchObject([
      { severity: 'advice', found: '12 examples for the evaluation, and 108 to train on' },
    ]);
  });

  it('is the same for a function that begins again, and the same upload as before', async () => {
    const { world, run } = await uploaded(examples(120));
    const again = createWorld({ objects: world.objects });
    const tune = await world.objects.stat({ bucket: 'inbox', name: 'reviews/tune.json' });
    if (!tune) throw new Error('the manifest is gone');
    await again.finalized(tune);
    expect(again.theRun().spec).toEqual(run.spec);
  });

  it('has the fingerprint of its upload, whatever its parts are', async () => {
    const { run } = await uploaded(examples(120));
    const { uri, crc32c, sizeBytes } = run.spec.datasets?.dataset_uri ?? {};
    const upload = [run.spec.source.uri, digest(JSON.stringify(GEMINI)), `${uri} ${crc32c} ${sizeBytes}`];
    expect(run.spec.fingerprint).toBe(digest(upload.join('\n')));
  });

  it('is told of in the report', async () => {
    const { run } = await uploaded(examples(120));
    const [training, evaluation] = dataOf(run).files;
    expect(training?.cells).toMatchObject({ Examples: '108', 'Lines kept for the evaluation': '12' });
    expect(evaluation).toMatchObject({ uri: 'gs://inbox/reviews/train.jsonl', cells: { Examples: '12' } });
  });
});

test('labels are in both parts, and no input is', async () => {
  const rows = [...Array(200).keys()].map((index) => row(index % 150, index % 150 < 30 ? 'seldom' : 'often'));
  const { world, run } = await uploaded(rows.join('\n'), { base_model: 'text-bison@002' });
  const { split } = run.spec.datasets?.dataset_uri ?? {};
  const [training, evaluation] = [split?.trainingUri, split?.evaluationUri].map((uri) =>
    linesAt(world, uri).map((line) => JSON.parse(line)),
  );
  const trained = new Set(training?.map(({ input_text }) => input_text));
  expect(evaluation?.filter(({ input_text }) => trained.has(input_text))).toEqual([]);
  expect(new Set(evaluation?.map(({ output_text }) => output_text))).toEqual(new Set(['seldom', 'often']));
  expect(run.status.issues?.find(({ code }) => code === 'dataset_split')?.found).toContain(
    'each label in proportion',
  );
});

test('what is there twice is told of the part that it is in', async () => {
  const rows = [...Array(90).keys()].map((index) => row(index % 60, index % 60 < 10 ? index : 'the same'));
  const { run } = await uploaded(rows.join('\n'), { evaluation_split: 0.5 });
  const { dataset_uri: training, evaluation_data_uri: evaluation } = run.status.datasets ?? {};
  const counts = [training, evaluation].map((part) => part?.duplicates);
  expect(counts[0]?.exact).toBeGreaterThan(0);
  expect(counts[1]?.exact).toBeGreaterThan(0);
  const sum = (name: 'exact' | 'conflicting') => (counts[0]?.[name] ?? 0) + (counts[1]?.[name] ?? 0);
  expect([sum('exact'), sum('conflicting')]).toEqual([20, 10]);
});

test('a converted part that is larger beside the other than an open model takes is refused', async () => {
  const world = createWorld();
  const { stat } = world.objects;
  world.objects.stat = async (object) => {
    const found = await stat(object);
    return found && object.name.endsWith('.evaluation.jsonl') ? { ...found, sizeBytes: 1_000_000 } : found;
  };
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = { ...GEMINI, base_model: 'qwen/qwen3@qwen3-4b' };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(manifest)));
  const errors = world.theRun().status.issues?.filter(({ severity }) => severity === 'error');
  expect(errors?.map(({ code }) => code)).toEqual(['evaluation_too_large']);
});

test('a converted evaluation file that is larger beside the training than an open model takes is refused', async () => {
  const world = createWorld();
  const { stat } = world.objects;
  world.objects.stat = async (object) => {
    const found = await stat(object);
    return found && /eval.*chat_messages\.jsonl$/.test(object.name)
      ? { ...found, sizeBytes: 1_000_000 }
      : found;
  };
  world.upload('reviews/train.jsonl', examples(120));
  world.upload(
    'reviews/eval.jsonl',
    [...Array(12).keys()].map((index) => row(`other ${index}`, index)).join('\n'),
  );
  const manifest = {
    ...{ base_model: 'qwen/qwen3@qwen3-4b', dataset_uri: 'train.jsonl', evaluation_data_uri: 'eval.jsonl' },
  };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(manifest)));
  const errors = world.theRun().status.issues?.filter(({ severity }) => severity === 'error');
  expect(errors?.map(({ code, file }) => [code, file])).toEqual([
    ['evaluation_too_large', 'gs://inbox/reviews/eval.jsonl'],
  ]);
});

test.each([
  { large: 'contents.jsonl', what: 'the whole copy', state: 'VALIDATED' },
  { large: 'contents.training.jsonl', what: 'the part that is trained on', state: 'REJECTED' },
])(
  'of converted data that is split, $what is larger than a model takes: $state',
  async ({ large, state }) => {
    const world = createWorld();
    const { stat } = world.objects;
    world.objects.stat = async (object) => {
      const found = await stat(object);
      return found && object.name.endsWith(large) ? { ...found, sizeBytes: 1_000_000_001 } : found;
    };
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', JSON.stringify(GEMINI)));
    const { status } = world.theRun();
    expect(status.state).toBe(state);
    const codes = status.issues?.map(({ code }) => code);
    expect(codes?.includes('dataset_too_large')).toBe(state === 'REJECTED');
  },
);

/** Questions with their answers in everything that a file may have around them. */
const asked = [...Array(40).keys()].map((index) => ({ question: `Tea ${index}?`, answer: `Cup ${index}.` }));
const CONTAINERS: [name: string, data: string, lineOf: (index: number) => number][] = [
  ['array on one line', JSON.stringify(asked), () => 1],
  ['array', JSON.stringify(asked, null, 2), (index) => 4 * index + 2],
  ['list in an object', JSON.stringify({ data: asked }, null, 2), (index) => 4 * index + 3],
  [
    'values over lines',
    asked.map((row) => JSON.stringify(row, null, 2)).join('\n\n'),
    (index) => 5 * index + 1,
  ],
  [
    'table',
    ['question,answer', ...asked.map((row) => `${row.question},"${row.answer}\n"`)].join('\n'),
    (index) => 2 * index + 2,
  ],
];

test.each(CONTAINERS)(
  '%s: each example is in one part, in the form of the model',
  async (_name, data, lineOf) => {
    const { world, run } = await uploaded(data, { evaluation_split: 4 });
    expect(run.status.issueCount?.error).toBe(0);
    const { dataset_uri: source } = run.spec.datasets ?? {};
    const [training = [], evaluation = []] = [source?.split?.trainingUri, source?.split?.evaluationUri].map(
      (uri) => linesAt(world, uri),
    );
    expect([training.length, evaluation.length]).toEqual([36, 4]);
    expect([...training, ...evaluation].sort()).toEqual(linesAt(world, source?.convertedUri).sort());
    const numbers = evaluation.map((line) => Number(/Tea (\d+)/.exec(line)?.[1]));
    expect(source?.split?.evaluationLines).toEqual(numbers.map(lineOf));
    const { dataset_uri: trained, evaluation_data_uri: evaluated } = run.status.datasets ?? {};
    expect([trained?.examples, evaluated?.examples, evaluated?.lines]).toEqual([36, 4, 4]);
    const { blankLineRuns: runs } = trained ?? {};
    const left = [...asked.keys()].filter((index) => !numbers.includes(index));
    const lines = left.map(lineOf);
    if (lineOf(1) > 1)
      expect(runs && training.map((_, index) => lineOfExample(index + 1, runs))).toEqual(lines);
    else expect(runs).toBeUndefined();
  },
);

test('preferences are split as they were uploaded', async () => {
  const said = (role: string, text: string) => ({ role, parts: [{ text }] });
  const pair = (index: number) => ({
    contents: [said('user', `question ${index}`)],
    completions: [1, 0].map((score) => ({ score, completion: said('model', `answer ${index} ${score}`) })),
  });
  const data = [...Array(50).keys()].map((index) => JSON.stringify(pair(index)));
  const { world, run } = await uploaded(data.join('\n'), {
    base_model: 'gemini-2.5-flash',
    tuning_method: 'preference',
  });
  const { split, convertedUri } = run.spec.datasets?.dataset_uri ?? {};
  expect([convertedUri, split?.evaluation]).toEqual([undefined, 5]);
  const parts = [...linesAt(world, split?.trainingUri), ...linesAt(world, split?.evaluationUri)];
  expect(parts.sort()).toEqual(data.sort());
});

test('a model of the guide gets both parts as parameters, and no other', async () => {
  const { run } = await uploaded(examples(200), {
    base_model: 'text-bison@002',
    evaluation_interval: 10,
    train_steps: 100,
  });
  const { plan, datasets } = run.spec;
  if (plan?.backend !== 'pipelineJobs') throw new Error('no pipeline is planned');
  expect(plan.parameters).toMatchObject({
    dataset_uri: datasets?.dataset_uri?.split?.trainingUri,
    evaluation_data_uri: datasets?.dataset_uri?.split?.evaluationUri,
  });
  expect(plan.parameters).not.toHaveProperty('evaluation_split');
  expect(plan.training).toMatchObject({ examples: 180, evaluations: 10 });
});

describe('training data that cannot be split as asked', () => {
  test.each([
    ['too few for a tenth', examples(50), { base_model: 'text-bison@002' }, 'Write "evaluation_split": 10.'],
    [
      'too few for the model',
      examples(16),
      { base_model: 'text-bison@002' },
      'Add 4 examples or more, or remove evaluation_split.',
    ],
    [
      'with one input',
      [...Array(100).keys()].map((index) => row('the same', index)).join('\n'),
      {},
      'Too many examples share their input to be parted: remove evaluation_split, and name a file in evaluation_data_uri if you have one.',
    ],
  ])('%s is refused with what works', async (_name, data, manifest, remedy) => {
    const { run } = await uploaded(data, manifest);
    const errors = run.status.issues?.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'evaluation_split_impossible', remedy }]);
    expect(run.status.state).toBe('REJECTED');
    expect(run.spec.datasets?.dataset_uri?.split).toBeUndefined();
  });

  it('since it has errors is not split, and told of the errors alone', async () => {
    const { run } = await uploaded(`${examples(30)}\n{"input_text":""}\n`);
    const codes = run.status.issues?.map(({ code }) => code);
    expect(codes).toContain('field_missing');
    expect(codes?.filter((code) => code.includes('split'))).toEqual([]);
  });
});

test('only what is left to train on has to be as few as a model takes', async () => {
  const { run } = await uploaded(examples(10_100), { base_model: 'text-bison@002' });
  expect(run.status.issueCount?.error).toBe(0);
  expect(run.status.datasets?.dataset_uri?.examples).toBe(9850);
  const { run: whole } = await uploaded(examples(10_100), {
    base_model: 'text-bison@002',
    evaluation_split: undefined,
  });
  expect(whole.status.issues?.map(({ code }) => code)).toContain('dataset_too_many_examples');
});
