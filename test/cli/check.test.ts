import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { aManifest, examples } from '../support/world.ts';
import { aFolder, carryOut, tunedrop } from './command-line.ts';

interface Checked {
  ok: boolean | null;
  notChecked: { what: string; uri?: string; why: string; isData: boolean }[];
  issues: {
    code: string;
    severity: string;
    file: string;
    line?: number;
    path?: string;
    message: string;
    remedy: string;
  }[];
  conversions: Record<string, object>;
  plan: { backend: string; notes: string[] } | null;
  issueCount: { error: number; warning: number; advice: number };
  datasets: Record<string, { examples: number }>;
}

/** Standard output has to be one JSON object and nothing else, or this throws. */
async function checkJson(...args: string[]) {
  const { code, stdout, stderr } = await carryOut(check, ...args, '--json');
  return { code, stderr, ...(JSON.parse(stdout) as Checked) };
}

/** `tune.json:3:base_model error code`, without the folder. */
function listed(dir: string, { issues }: Checked): string[] {
  return issues.map(({ file, line, path, severity, code }) => {
    const place = [file.startsWith(`${dir}/`) ? file.slice(dir.length + 1) : file, line, path];
    return `${place.filter((part) => part !== undefined).join(':')} ${severity} ${code}`;
  });
}

const example = (fields: object) => JSON.stringify(fields);
const good = (count: number, word?: string) => examples(count, word).split('\n');

describe('tunedrop check --json', () => {
  test('has the same keys for every issue as the run document', async () => {
    const dir = aFolder({ 'tune.json': aManifest({ trainSteps: 3 }) });
    const { issues } = await checkJson(dir);
    const keys = ['code', 'severity', 'file', 'line', 'path', 'message', 'found', 'expected', 'remedy'];
    expect(issues.flatMap((issue) => Object.keys(issue)).filter((key) => !keys.includes(key))).toEqual([]);
    expect(issues).toContainEqual({
      code: 'unknown_key',
      severity: 'error',
      file: `${dir}/tune.json`,
      line: 1,
      path: 'trainSteps',
      message: 'The manifest has an unknown key: found "trainSteps"; expected perhaps train_steps.',
      found: '"trainSteps"',
      expected: 'perhaps train_steps',
      remedy: 'Write train_steps or remove the key. Or have it done in a copy: npx tunedrop fix DIR',
    });
  });

  test('checks the data under a misspelt key in the same pass', async () => {
    const manifest = { base_model: 'text-bison@002', datset_uri: 'train.jsonl' };
    const dir = aFolder({ 'tune.json': manifest, 'train.jsonl': '[]\n' });
    const checked = await checkJson(dir);
    expect(listed(dir, checked)).toContain('train.jsonl:1 error line_not_object');
  });

  test('lists all of ten faults in three files in one run', async () => {
    const train = good(30);
    train[4] = '{"input_text": "cut off", "output_te';
    train[9] = example({ input_text: 'no output' });
    train[14] = example({ input_text: 5, output_text: 'a number' });
    train[19] = example({ input_text: '', output_text: 'empty' });
    const evaluation = good(12, 'evaluation');
    evaluation[2] = '["a", "list"]';
    evaluation[6] = example({ output_text: 'no input' });
    evaluation[8] = example({ input_text: 'twice', output_text: 'a', input_texts: 'again' }).replace(
      'input_texts',
      'input_text',
    );
    const dir = aFolder({
      'tune.json': {
        base_model: 'text-bison@002',
        dataset_uri: 'train.jsonl',
        evaluation_data_uri: 'eval.jsonl',
        trainSteps: 300,
        learning_rate_multiplier: -1,
        pipeline_job_region: 'us-east1',
      },
      'train.jsonl': train.join('\n'),
      'eval.jsonl': evaluation.join('\n'),
    });

    const checked = await checkJson(dir);
    expect(listed(dir, checked).filter((line) => line.includes(' error '))).toEqual([
      'tune.json:5:trainSteps error unknown_key',
      'tune.json:6:learning_rate_multiplier error invalid_value',
      'tune.json:7:pipeline_job_region error invalid_value',
      'train.jsonl:5 error line_not_json',
      'train.jsonl:10:output_text error field_missing',
      'train.jsonl:15:input_text error field_wrong_type',
      'train.jsonl:20:input_text error field_empty',
      'eval.jsonl:3 error line_not_object',
      'eval.jsonl:7:input_text error field_missing',
      'eval.jsonl:9:input_text error duplicate_key',
    ]);
    expect(checked).toMatchObject({ code: 1, ok: false, issueCount: { error: 10 } });
  });

  test('says every mistake of examples/has-mistakes, each with its file as a person would type it', async () => {
    const checked = await checkJson('examples/has-mistakes');
    expect(listed('examples/has-mistakes', checked)).toEqual([
      'tune.json:3:base_model warning model_retired',
      'tune.json:6:trainSteps error unknown_key',
      'tune.json:7:["accelerator_type:"] error unknown_key',
      'tune.json:8:pipeline_job_region error invalid_value',
      'train.jsonl advice dataset_few_examples',
      'train.jsonl:3 error line_not_json',
      'train.jsonl:6:output_text error field_missing',
      'train.jsonl:9:output_text warning field_blank',
      'train.jsonl:12:input_text error field_wrong_type',
      'eval.jsonl error dataset_too_few_examples',
    ]);
    expect(checked).toMatchObject({ code: 1, ok: false, issueCount: { error: 7, warning: 2, advice: 1 } });
    expect(checked.stderr).toBe('');
  });

  test('has no error in examples/medical-specialty, and counts what is in it', async () => {
    const checked = await checkJson('examples/medical-specialty/');
    expect(listed('examples/medical-specialty', checked)).toEqual([
      'train.jsonl:1 advice dataset_converted',
      'eval.jsonl:1 advice dataset_converted',
    ]);
    expect(checked).toMatchObject({ code: 0, ok: true, issueCount: { error: 0, warning: 0, advice: 2 } });
    expect(checked.datasets).toMatchObject({
      dataset_uri: { examples: 415, role: 'training', bytes: 152_854 },
      evaluation_data_uri: { examples: 50, role: 'evaluation' },
    });
  });

  test('is one JSON object on standard output, with exactly the keys that programs rely on', () => {
    const right = tunedrop('check', 'examples/medical-specialty', '--json');
    expect(right).toMatchObject({ code: 0, stderr: '' });
    const wrong = tunedrop('check', 'examples/has-mistakes', '--json');
    expect(wrong).toMatchObject({ code: 1, stderr: '' });
    for (const { stdout } of [right, wrong]) {
      expect(Object.keys(JSON.parse(stdout))).toEqual([
        ...[
          'ok',
          'notChecked',
          'issues',
          'issueCount',
          'datasets',
          'issuesNotListed',
          'conversions',
          'cancel',
          'plan',
          'cost',
          'evaluation',
          'expectedDuration',
        ],
      ]);
    }
  });

  test('says the plan and what is converted, as the run document does', async () => {
    const { plan, conversions } = await checkJson('examples/medical-specialty');
    expect(plan).toMatchObject({ backend: 'tuningJobs', training: { epochs: 4, examples: 415 } });
    expect(plan).not.toHaveProperty('runId');
    expect(conversions).toMatchObject({
      dataset_uri: { convertedFrom: 'input_output', convertedInto: 'contents', convertedExamples: 415 },
    });
    expect(await checkJson('examples/has-mistakes')).toMatchObject({ plan: null });
  });

  test('never says that data is right which it did not read', async () => {
    const elsewhere = aFolder({ 'tune.json': aManifest({ dataset_uri: 'gs://elsewhere/train.jsonl' }) });
    expect(await checkJson(elsewhere)).toMatchObject({
      ...{ code: 0, ok: null, issueCount: { error: 0 } },
      notChecked: [
        { what: 'dataset_uri', uri: 'gs://elsewhere/train.jsonl', isData: true },
        { what: 'deployment', isData: false },
      ],
    });
  });

  test('reads data in a folder beside the manifest’s', async () => {
    const shared = aFolder({ 'train.jsonl': examples(120) });
    const dir = aFolder({ 'tune.json': aManifest({ dataset_uri: `../${basename(shared)}/train.jsonl` }) });
    expect(await checkJson(dir)).toMatchObject({ ok: true, datasets: { dataset_uri: { examples: 120 } } });
  });

  test('does not say that the files are right which examples name', async () => {
    const image = { fileData: { mimeType: 'image/png', fileUri: 'gs://images/1.png' } };
    const row = (number: number) => ({
      contents: [
        { role: 'user', parts: [image, { text: `What is number ${number}?` }] },
        { role: 'model', parts: [{ text: `A cat called ${number}.` }] },
      ],
    });
    const rows = Array.from({ length: 120 }, (_, index) => JSON.stringify(row(index)));
    const tune = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };
    const checked = await checkJson(aFolder({ 'tune.json': tune, 'train.jsonl': rows.join('\n') }));
    expect(checked).toMatchObject({ ok: null, issueCount: { error: 0 } });
    expect(checked.notChecked).toContainEqual(
      expect.objectContaining({ what: 'dataset_uri: files', isData: true }),
    );
  });

  test('keeps its numbers exact when there are more issues than it lists', async () => {
    const dir = aFolder({ 'tune.json': aManifest(), 'train.jsonl': '[]\n'.repeat(50_007) });
    const { issues, issueCount } = await checkJson(dir, '--all');
    expect(issues).toHaveLength(50_000);
    expect(issueCount.error).toBeGreaterThanOrEqual(50_007);
  });

  test('tells what has one cause once, with its number, its first lines and its share of the file', async () => {
    const train = good(40).map((line, index) => (index % 4 === 0 ? example({ input_text: line }) : line));
    const dir = aFolder({ 'tune.json': aManifest(), 'train.jsonl': train.join('\n') });
    const { issues, issueCount } = await checkJson(dir);
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        ...{ code: 'field_missing', line: 1, path: 'output_text', count: 10 },
        ...{ lineCount: 10, lines: [1, 5, 9, 13, 17, 21, 25, 29, 33, 37], share: 0.25 },
      },
    ]);
    expect(issueCount.error).toBe(10);
  });
});

describe('what a manifest names', () => {
  test('is an error when it is a file of the folder and not there', async () => {
    const dir = aFolder({ 'tune.json': aManifest() });
    const checked = await checkJson(dir);
    expect(listed(dir, checked)).toContain('tune.json:1:dataset_uri error dataset_not_found');
    expect(checked.issues.at(-1)?.message).toContain(`found no object at ${dir}/train.jsonl;`);
    expect(checked).toMatchObject({ code: 1, datasets: {} });
  });

  test.each([
    ['Train.jsonl', 'train.jsonl', 'Write "dataset_uri": "Train.jsonl", which is there'],
    ['my train.jsonl', 'mytrain.jsonl', 'Write "dataset_uri": "my train.jsonl", which is there'],
    [
      'trian.jsonl',
      'train.jsonl',
      'Put the file there, or write "dataset_uri": "trian.jsonl", which is there',
    ],
    ['b.jsonl', 'a.jsonl', 'Put the file there, or write "dataset_uri": "b.jsonl", which is there'],
    ['other.txt', 'train.jsonl', 'Upload the file'],
  ])('says of %s that it is there, where %s is named and is not', async (there, named, remedy) => {
    const dir = aFolder({ 'tune.json': aManifest({ dataset_uri: named }), [there]: examples(120) });
    const [said = ''] = (await checkJson(dir)).issues.map((issue) => issue.remedy).slice(-1);
    expect(said).toContain(remedy);
    // The command corrects a name that is the same but for capitals and spaces, and no other.
    expect(said.includes('npx tunedrop fix')).toBe(remedy.startsWith('Write'));
  });

  const elsewhere: { name: string; options: string[]; uri: string; isRead: boolean }[] = [
    { name: 'a bucket nobody spoke of', options: [], uri: 'gs://inbox/a/train.jsonl', isRead: false },
    {
      name: 'the folder of the bucket that --bucket names',
      options: ['--bucket', 'gs://inbox/a'],
      uri: 'gs://inbox/a/train.jsonl',
      isRead: true,
    },
    {
      name: 'the same, with a slash at the end of --bucket',
      options: ['--bucket', 'gs://inbox/a/'],
      uri: 'gs://inbox/a/train.jsonl',
      isRead: true,
    },
    {
      name: 'the top of the bucket that --bucket names',
      options: ['--bucket', 'gs://inbox'],
      uri: 'gs://inbox/train.jsonl',
      isRead: true,
    },
    {
      name: 'a folder whose name only begins like that of --bucket',
      options: ['--bucket', 'gs://inbox/a'],
      uri: 'gs://inbox/ab/train.jsonl',
      isRead: false,
    },
    {
      name: 'the top of a bucket, where other folders are too',
      options: ['--bucket', 'gs://inbox'],
      uri: 'gs://inbox/other/train.jsonl',
      isRead: false,
    },
  ];
  test.each(elsewhere)('in $name: read is $isRead, and never an issue', async ({ options, uri, isRead }) => {
    const dir = aFolder({ 'tune.json': aManifest({ dataset_uri: uri }), 'train.jsonl': examples(120) });
    const checked = await checkJson(dir, ...options);
    expect(listed(dir, checked)).toEqual(['tune.json:1:base_model warning model_retired']);
    expect(checked.datasets.dataset_uri?.examples).toBe(isRead ? 120 : undefined);
    const note = `Not checked: dataset_uri, since ${uri} is not in this folder. You are not logged in: `;
    expect(checked.stderr.slice(0, note.length)).toBe(isRead ? '' : note);
    expect(checked.code).toBe(0);
  });
});

describe('a gs:// name in the folder of --bucket', () => {
  test('is an error when the folder does not have it', async () => {
    const uri = 'gs://inbox/a/nothere.jsonl';
    const dir = aFolder({ 'tune.json': aManifest({ dataset_uri: uri }), 'train.jsonl': examples(120) });
    const checked = await checkJson(dir, '--bucket', 'gs://inbox/a');
    expect(listed(dir, checked)).toContain('tune.json:1:dataset_uri error dataset_not_found');
    expect(checked.issues.at(-1)?.message).toContain(uri);
    expect(checked.code).toBe(1);
  });
});

describe('what only a deployment knows', () => {
  test('leaves it to the deployment which tuned models a manifest may go on from', async () => {
    expect(await checkJson('examples/gemini-continued')).toMatchObject({ code: 0, ok: true, issues: [] });
  });

  test('is no issue, and people learn so', async () => {
    const manifest = aManifest({
      service_account: 'tuner@my-project.iam.gserviceaccount.com',
      tensorboard_resource_id: '123',
      encryption_spec_key_name: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k',
      output_directory: 'gs://somewhere/output',
    });
    const dir = aFolder({ 'tune.json': manifest, 'train.jsonl': examples(120) });
    expect(listed(dir, await checkJson(dir))).toEqual(['tune.json:1:base_model warning model_retired']);
    const { stdout } = tunedrop('check', dir);
    expect(stdout).toContain('a deployment allows is checked at upload');
    expect(stdout).toContain('--retired-models error answers as that');
  });

  test('is apart from rules that hold everywhere: regions against each other, the inbox as output', async () => {
    const manifest = aManifest({
      encryption_spec_key_name: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k',
      output_directory: 'gs://inbox/output',
    });
    const dir = aFolder({ 'tune.json': manifest, 'train.jsonl': examples(120) });
    const checked = await checkJson(dir, '--bucket', 'gs://inbox', '--region', 'europe-west4');
    expect(checked.issues.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning model_retired',
      'warning output_in_inbox',
      'error cmek_region',
      'error cmek_region',
    ]);
  });
});

describe('tunedrop check --team-folders', () => {
  const codes = async (dataset_uri: string, ...args: string[]) => {
    const dir = aFolder({ 'tune.json': aManifest({ dataset_uri }), 'train.jsonl': examples(120) });
    const { issues } = await checkJson(dir, ...args);
    return issues.map(({ code }) => code).filter((code) => /team|outside/.test(code));
  };

  test.each<[what: string, uri: string, expected: string[], ...args: string[]]>([
    ['its own file', 'train.jsonl', [], '--team-folders'],
    [
      'a folder beside its own, which is a team’s',
      '../x/train.jsonl',
      ['outside_team_folder'],
      '--team-folders',
    ],
    ['the same in a deployment without teams', '../x/train.jsonl', []],
    [
      'a folder beside its own in that of a team',
      '../x/train.jsonl',
      [],
      '--team-folders',
      '--bucket=gs://in/a/b',
    ],
    [
      'two folders up',
      '../../x/train.jsonl',
      ['outside_team_folder'],
      '--team-folders',
      '--bucket=gs://in/a/b',
    ],
    [
      'out of the bucket',
      '../../../x.jsonl',
      ['uri_outside_inbox'],
      '--team-folders',
      '--bucket=gs://in/a/b',
    ],
    [
      'another team in full',
      'gs://in/b/x.jsonl',
      ['outside_team_folder'],
      '--team-folders',
      '--bucket=gs://in/a/b',
    ],
    ['its own team in full', 'gs://in/a/x.jsonl', [], '--team-folders', '--bucket=gs://in/a/b'],
  ])('says it of %s', async (_, uri, expected, ...args) => {
    expect(await codes(uri, ...args)).toEqual(expected);
  });
});
