import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { plan } from '../../cli/plan/command.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { aManifest, examples } from '../support/world.ts';
import { aFolder, carryOut, carryOutIn, tunedrop } from './command-line.ts';

interface Request {
  method: string;
  url: string;
  query: { pipelineJobId: string };
  body: {
    displayName: string;
    templateUri: string;
    labels?: Record<string, string>;
    serviceAccount?: string;
    runtimeConfig: { gcsOutputDirectory: string; parameterValues: Record<string, unknown> };
  };
}

const PROJECT = ['--project', 'my-project'];
const DEPLOYMENT = [...PROJECT, '--bucket', 'gs://inbox/team/reviews'];

/** Standard output has to be one JSON object and nothing else, or this throws. */
async function planJson(...args: string[]): Promise<Request> {
  const { code, stdout } = await carryOut(plan, ...args, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Request;
}

const aRightFolder = (over: Record<string, unknown> = {}) =>
  aFolder({ 'tune.json': aManifest(over), 'train.jsonl': examples(120) });

const captured = JSON.parse(readFileSync(new URL('../payloads/sdk-bodies.json', import.meta.url), 'utf8'))
  .sdkBodies as Record<string, Request>;

/** The manifest that asks for what a captured request asks for: its parameters, under the names of a manifest. */
function manifestFor({ url, body }: Request) {
  const { gcsOutputDirectory, parameterValues } = body.runtimeConfig;
  const { project, location, large_model_reference, base_model_version_id, ...rest } = parameterValues;
  return {
    ...rest,
    base_model: large_model_reference ?? base_model_version_id,
    ...(location === undefined ? {} : { model_upload_region: location }),
    pipeline_job_region: url.split('/').at(-2),
    output_directory: gcsOutputDirectory,
  };
}

describe('tunedrop plan --json --staging off', () => {
  const bodies = Object.entries(captured).flatMap(([name, theirs]) =>
    ['gs://other-bucket', 'gs://my-bucket', 'gs://b'].map((bucket) => ({ name, bucket, theirs })),
  );

  test.each(bodies)('$name in $bucket: all of Google’s SDK', async ({ theirs, bucket }) => {
    const dir = aFolder({ 'tune.json': manifestFor(theirs) });
    const ours = await planJson(dir, ...PROJECT, '--bucket', bucket, '--staging', 'off');
    expect(ours.method).toBe(theirs.method);
    expect(ours.url).toBe(theirs.url);
    expect(ours.query.pipelineJobId.split('-r')[0]).toBe(theirs.query.pipelineJobId.replace(/-\d{14}$/, ''));
    expect(ours.body.runtimeConfig).toEqual(theirs.body.runtimeConfig);
    expect(ours.body.templateUri).toBe(theirs.body.templateUri);
  });

  test('sends what the manifest says and what is always sent, and nothing else', async () => {
    const { body } = await planJson(aRightFolder(), ...DEPLOYMENT, '--staging', 'off');
    expect(body.runtimeConfig.parameterValues).toEqual({
      project: 'my-project',
      location: 'us-central1',
      model_display_name: 'reviews',
      large_model_reference: 'text-bison@002',
      dataset_uri: 'gs://inbox/team/reviews/train.jsonl',
    });
  });
});

describe('tunedrop plan --json', () => {
  const runId = runIdOf({ bucket: 'inbox', name: 'team/reviews/tune.json', generation: '0' });

  test('prints the call, what it costs, and nothing else', () => {
    const { code, stdout, stderr } = tunedrop('plan', aRightFolder(), ...DEPLOYMENT, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const request = JSON.parse(stdout);
    expect(Object.keys(request)).toEqual([
      'method',
      'url',
      'query',
      'body',
      'cost',
      'evaluation',
      'expectedDuration',
    ]);
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/pipelineJobs',
      query: { pipelineJobId: `tune-large-model-${runId}` },
    });
  });

  test('takes the copies that are trained on, in the results bucket', async () => {
    const named = (await planJson(aRightFolder(), ...DEPLOYMENT, '--results', 'gs://results')).body
      .runtimeConfig;
    expect(named.parameterValues.dataset_uri).toBe(`gs://results/staging/${runId}/train.jsonl`);
    expect(named.gcsOutputDirectory).toBe(`gs://results/output/${runId}`);
    const usual = (await planJson(aRightFolder(), ...DEPLOYMENT)).body.runtimeConfig;
    expect(usual.gcsOutputDirectory).toBe(`gs://my-project-results/output/${runId}`);
  });

  test('makes the run id of the generation, so that every upload has its own', async () => {
    const { body } = await planJson(aRightFolder(), ...DEPLOYMENT, '--generation', '1700000000000000');
    const version = { bucket: 'inbox', name: 'team/reviews/tune.json', generation: '1700000000000000' };
    expect(body.labels?.['tunedrop-run']).toBe(runIdOf(version));
  });

  test('gives way to the manifest where a deployment only has a default', async () => {
    const defaults = [
      '--region',
      'europe-west4',
      '--service-account',
      'deployment@p.iam.gserviceaccount.com',
    ];
    const open = await planJson(aRightFolder(), ...DEPLOYMENT, ...defaults);
    expect(open.url).toContain('https://europe-west4-aiplatform.googleapis.com/');
    expect(open.body.serviceAccount).toBe('deployment@p.iam.gserviceaccount.com');
    const said = { pipeline_job_region: 'us-west1', service_account: 'mine@p.iam.gserviceaccount.com' };
    const chosen = await planJson(aRightFolder(said), ...DEPLOYMENT, ...defaults);
    expect(chosen.url).toContain('https://us-west1-aiplatform.googleapis.com/');
    expect(chosen.body.serviceAccount).toBe('mine@p.iam.gserviceaccount.com');
  });

  test('names the model after the folder on this machine when the upload has none', async () => {
    const dir = aRightFolder();
    const { body } = await planJson(dir, ...PROJECT, '--bucket', 'gs://inbox');
    expect(body.displayName).toBe(dir.split('/').at(-1));
  });

  test.each([
    { bucket: 'gs://inbox/reviews', name: 'reviews' },
    { bucket: 'gs://inbox/team/reviews/', name: 'reviews' },
  ])('names the model after the folder of the upload: $bucket gives $name', async ({ bucket, name }) => {
    const { body } = await planJson(aRightFolder(), ...PROJECT, '--bucket', bucket);
    expect(body.displayName).toBe(name);
  });
});

describe('tunedrop plan for people', () => {
  test('shows the plan, then the request', async () => {
    const { code, stdout } = await carryOut(plan, aRightFolder({ train_steps: 60 }), ...DEPLOYMENT);
    expect(code).toBe(0);
    expect(stdout).toContain('Plan for gs://inbox/team/reviews/tune.json, run r');
    expect(stdout).toMatch(/training +60 steps, batch size 8, 4 epochs/);
    expect(stdout).toContain('The pipeline job runs in the region that this deployment has set.');
    expect(stdout).toContain(
      '\nRequest\nPOST https://us-central1-aiplatform.googleapis.com/v1/projects/my-project',
    );
  });

  test('says that a dry run is never sent', async () => {
    const { stdout } = await carryOut(plan, aRightFolder({ dry_run: true }), ...DEPLOYMENT);
    expect(stdout).toContain('dry_run is set');
  });
});

describe('tunedrop plan of a Gemini model', () => {
  const gemini = (over: object = {}) =>
    aFolder({
      'tune.json': JSON.stringify({
        base_model: 'gemini-3.1-flash-lite',
        dataset_uri: 'train.jsonl',
        ...over,
      }),
      'train.jsonl': examples(120),
    });
  const TUNED = 'projects/my-project/locations/europe-west4/models/123';

  test('names the converted copy that is trained on, and shows the advice that it counts', async () => {
    const { stdout } = await carryOut(plan, gemini({ accelerator_type: 'GPU' }), ...DEPLOYMENT);
    expect(stdout).toMatch(/"trainingDatasetUri": "gs:.*\/train\.contents\.jsonl"/);
    expect(stdout).toContain('[keys_without_counterpart]');
    expect(stdout).toContain('[dataset_converted]');
    expect(stdout).toContain('tunedrop check: 0 errors, 0 warnings, 2 advice.');
  });

  test('that goes on is made as far as it is known here, and says what only the deployment knows', async () => {
    const { code, stdout, stderr } = await carryOut(plan, gemini({ pre_tuned_model: TUNED }), ...DEPLOYMENT);
    expect(code).toBe(0);
    expect(stdout).toMatch(/model +gemini-3.1-flash-lite, a new version of the model that it goes on from/);
    expect(stdout).toContain('https://europe-west4-aiplatform.googleapis.com/');
    expect(stdout).not.toContain('tunedModelDisplayName');
    expect(stderr).toBe(`Not checked: pre_tuned_model, since only the deployment knows ${TUNED}.\n`);
  });

  test('that goes on from a model of which nothing is known has its data checked all the same', async () => {
    const row = { contents: [{ role: 'user', parts: [{ text: 'a' }] }] };
    const files = { 'train.jsonl': `${JSON.stringify(row)}\n`.repeat(12) };
    const tune = JSON.stringify({ pre_tuned_model: TUNED, dataset_uri: 'train.jsonl' });
    const { code, stdout } = await carryOut(check, aFolder({ ...files, 'tune.json': tune }), '--json');
    const { issues } = JSON.parse(stdout) as { issues: { code: string }[] };
    expect(code).toBe(1);
    expect(issues.map((issue) => issue.code)).toContain('last_turn_not_model');
    expect(issues.map((issue) => issue.code)).not.toContain('dataset_foreign_format');
  });

  test.each([
    [plan, 2],
    [check, 0],
  ] as const)(
    'without its base model cannot be made here, which is no error of the manifest',
    async (command, expected) => {
      const dir = gemini({ base_model: undefined, pre_tuned_model: TUNED });
      const args = command === plan ? DEPLOYMENT : [];
      const { code, stdout, stderr } = await carryOut(command, dir, ...args);
      expect(code).toBe(expected);
      expect(`${stdout}${stderr}`).toContain('Add base_model to have one here.');
      expect(stdout).not.toContain('None: tune.json has errors');
    },
  );
});

describe('a plan that there is not', () => {
  test.each([['--json'], ['--staging=on']])('leaves standard output empty, with %s', (option) => {
    const answer = tunedrop('plan', 'examples/has-mistakes', ...DEPLOYMENT, option);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain('examples/has-mistakes/train.jsonl');
    expect(answer.stderr).toContain('7 errors, 2 warnings, 1 advice.');
  });

  test('a request to cancel creates no job', async () => {
    const dir = aFolder({ 'tune.json': '{"cancel": true}' });
    expect(await carryOut(plan, dir, ...DEPLOYMENT)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tune.json asks to cancel: nothing would be sent to create a job.\n',
    });
  });

  test('a name that becomes too long in the bucket is reported under its name there', async () => {
    const bucket = `gs://inbox/${'long/'.repeat(203)}`;
    const { code, stdout, stderr } = await carryOut(plan, aRightFolder(), ...PROJECT, '--bucket', bucket);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('[uri_invalid]');
    expect(stderr).toContain('with a name longer than 1024 bytes');
  });

  const folder = 'examples/medical-specialty';
  const misuses: { name: string; args: string[]; says: string }[] = [
    {
      name: 'a project that would change the address',
      args: ['--project', 'p/../q', '--bucket', 'gs://inbox'],
      says: '--project takes a project id',
    },
    {
      name: 'results in a folder',
      args: [...DEPLOYMENT, '--results', 'gs://results/folder'],
      says: '--results takes gs://BUCKET',
    },
    {
      name: 'a generation that is no number',
      args: [...DEPLOYMENT, '--generation', '1e3'],
      says: '--generation takes digits',
    },
    {
      name: 'staging that is neither on nor off',
      args: [...DEPLOYMENT, '--staging', 'no'],
      says: '--staging takes on or off',
    },
  ];
  test.each(misuses)('$name is misuse, and why is said', async ({ args, says }) => {
    const { code, stdout, stderr } = await carryOut(plan, folder, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n\n')[0]).toContain(says);
    expect(stderr).toContain('npx tunedrop plan --help');
  });

  test('without flags it is a plan for the deployment that is found, with the folder where a drop would put it', async () => {
    const home = aFolder({
      'tunedrop.json': {
        ...{ project: 'ours', inbox: 'ours-inbox', results: 'ours-results' },
        ...{ database: 'tunedrop', region: 'europe-west4' },
      },
    });
    const found = await carryOutIn({ folder: home }, plan, folder, '--json');
    const { url, body } = JSON.parse(found.stdout);
    expect(url).toContain('/projects/ours/locations/europe-west4/');
    expect(body.labels['tunedrop-deployment']).toBe('ours-results');
    const drop = ['--project', 'ours', '--region', 'europe-west4', '--bucket'];
    const named = await carryOut(plan, folder, ...drop, 'gs://ours-inbox/medical-specialty', '--json');
    expect(named).toEqual(found);
  });

  test('without flags and without a deployment it says how to name one', async () => {
    await expect(carryOut(plan, folder)).rejects.toThrow(/^No deployment was found: .* --project PROJECT/);
  });
});
