import { beforeAll, describe, expect, test } from 'vitest';
import { HclError, parseAll, readTexts } from '../../scripts/terraform/hcl/blocks.ts';
import { readSchema } from '../../scripts/terraform/schema.ts';
import { readRepoFile } from '../support/repo-files.ts';
import { allFindings } from './checks/everything.ts';
import { backendFindings, testFindings, tfvarsFindings } from './checks/inputs.ts';
import { moduleOf, readModule } from './checks/module.ts';
import type { Topology } from './checks/topology.ts';
import { PLANTED_WORDS, plant } from './planted.ts';
import { PLANTED_BOOTSTRAP, PLANTED_KEEPING, PLANTED_RIGHTS } from './planted-keeping.ts';
import { PLANTED_MEANING } from './planted-meaning.ts';

const SUITES = [
  {
    folder: 'terraform',
    mistakes: [...PLANTED_WORDS, ...PLANTED_MEANING, ...PLANTED_KEEPING, ...PLANTED_RIGHTS],
  },
  { folder: 'terraform/bootstrap', mistakes: PLANTED_BOOTSTRAP },
].map((suite) => ({ ...suite, texts: readTexts(suite.folder, '.tf') }));
const snapshot = readSchema();
const topology = JSON.parse(readRepoFile('functions/functions.json')) as Topology;

beforeAll(() => {
  // All of them at once: the parser takes longer to start than to read.
  parseAll(
    SUITES.flatMap(({ texts, mistakes }) => mistakes.flatMap((one) => Object.entries(plant(texts, one)))),
  );
});

test.each(SUITES)('nothing is found in $folder where nothing was planted', ({ folder, texts }) => {
  expect(allFindings(moduleOf(folder, texts), snapshot, topology)).toEqual([]);
});

describe('a planted mistake is found, with file, line and block', () => {
  describe.each(SUITES)('in $folder', ({ folder, texts, mistakes }) => {
    test.each(mistakes)('$name', (mistake) => {
      const findings = allFindings(moduleOf(folder, plant(texts, mistake)), snapshot, topology);
      expect(findings).toContainEqual(expect.stringMatching(mistake.finds));
    });
  });

  test('a brace is not closed', () => {
    const broken = { 'terraform/broken.tf': 'resource "google_pubsub_topic" "x" {\n  name = \n}\n' };
    expect(() => moduleOf('terraform', broken)).toThrow(HclError);
    expect(() => moduleOf('terraform', broken)).toThrow(
      /^terraform\/broken\.tf is not HCL: .*terraform\/broken\.tf:2,/,
    );
  });
});

describe('a mistake in what is given to a module is found', () => {
  const module = readModule('terraform');

  test.each([
    {
      name: 'a key is no variable',
      text: 'project_id = "p"\nenvironment = "dev"\nregoin = "x"\n',
      finds: 'env/x.tfvars:3: regoin is no variable; did you mean region?',
    },
    {
      name: 'what has to be given is not',
      text: 'environment = "dev"\n',
      finds: 'env/x.tfvars: project_id is not given, and has no default',
    },
    {
      name: 'a value is of another type',
      text: 'project_id = "p"\nenvironment = "dev"\ncmek = "yes"\n',
      finds: 'env/x.tfvars:3: cmek is "yes", but true or false is expected',
    },
    {
      name: 'a member is misspelt',
      text: 'project_id = "p"\nenvironment = "dev"\nmax_active_jobs = { gemini = 1, open_models = 1, pipeline = 1 }\n',
      finds:
        'env/x.tfvars:3: max_active_jobs has the member pipeline, which its type has not; did you mean pipelines?',
    },
  ])('tfvars: $name', ({ text, finds }) => {
    expect(tfvarsFindings(module, { 'env/x.tfvars': text })).toEqual([finds]);
  });

  test('a setting that the backend has not', () => {
    expect(backendFindings({ 'env/x.gcs.tfbackend': 'bucket = "b"\nprefixx = "p"\n' })).toEqual([
      'env/x.gcs.tfbackend: prefixx is no setting of the gcs backend; did you mean prefix?',
    ]);
  });

  test('tests of variables and checks that are not there', () => {
    const text = 'run "r" {\n  variables {\n    projct_id = "p"\n  }\n  expect_failures = [var.nothing]\n}\n';
    expect(testFindings(module, { 'tests/x.tftest.hcl': text }).sort()).toEqual([
      'tests/x.tftest.hcl:1: run "r" does not give environment, which has no default',
      'tests/x.tftest.hcl:1: run "r" does not give project_id, which has no default',
      'tests/x.tftest.hcl:3: run "r" gives projct_id, which is no variable; did you mean project_id?',
      'tests/x.tftest.hcl:5: run "r" expects var.nothing to fail, which is nothing',
    ]);
  });
});
