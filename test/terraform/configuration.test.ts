import { describe, expect, test } from 'vitest';
import { readTexts } from '../../scripts/terraform/hcl/blocks.ts';
import { NEEDED } from '../../scripts/terraform/iam-facts.ts';
import { readSchema } from '../../scripts/terraform/schema.ts';
import { CMEK_REGION, REGIONS } from '../../shared/core/models/regions.ts';
import { readRepoFile } from '../support/repo-files.ts';
import { deploy, inputsOf } from './checks/deployments.ts';
import { ALL_POLICIES } from './checks/everything.ts';
import { lackingFindings, PLANS_AND_MAKES } from './checks/iam.ts';
import { backendFindings, testFindings, tfvarsFindings } from './checks/inputs.ts';
import { MODULES, readModule } from './checks/module.ts';
import { referenceFindings, unusedFindings } from './checks/references.ts';
import { schemaFindings } from './checks/schema.ts';
import { literalFindings, type Topology, topologyFindings } from './checks/topology.ts';

const snapshot = readSchema();
const topology = JSON.parse(readRepoFile('functions/functions.json')) as Topology;

describe.each(MODULES)('%s', (folder) => {
  const module = readModule(folder);

  test('has resources', () => {
    expect(module.blocks.filter(({ kind }) => kind === 'resource').length).toBeGreaterThan(5);
  });

  test('has only arguments and blocks that the provider has, with values that it takes, and all that it requires', () => {
    expect(schemaFindings(module, snapshot)).toEqual([]);
  });

  test('refers to what there is', () => {
    expect(referenceFindings(module, snapshot)).toEqual([]);
  });

  test('has no variable, local or data source that nothing uses', () => {
    expect(unusedFindings(module)).toEqual([]);
  });

  describe.each(Object.entries(inputsOf(folder)))('as %s has it', (_name, variables) => {
    const deployed = deploy(module, variables);

    test.each(ALL_POLICIES)('$name', ({ findings }) => {
      expect(findings(deployed)).toEqual([]);
    });

    if (folder !== 'terraform') return;
    test('is what functions.json says, as the embedded cloud is', () => {
      expect(topologyFindings(deployed, topology)).toEqual([]);
    });
  });
});

describe('terraform', () => {
  test('allows the regions that the functions allow', () => {
    const { local } = deploy(readModule('terraform'), inputsOf('terraform').everything ?? {}).deployment;
    expect(local('pipeline_regions')).toEqual(REGIONS);
    expect(local('cmek_region')).toBe(CMEK_REGION);
  });

  const module = readModule('terraform');

  test.each(PLANS_AND_MAKES)('$account has what it needs to $need everything that may be there', (needs) => {
    const bootstrap = readModule('terraform/bootstrap');
    const [given = {}] = Object.values(inputsOf(bootstrap.folder));
    const everything = deploy(module, inputsOf('terraform').everything ?? {});
    expect(lackingFindings(everything, deploy(bootstrap, given), needs)).toEqual([]);
  });

  test('it is known of every type what planning and making it needs, but for what the project does not decide', () => {
    const { instances } = deploy(module, inputsOf('terraform').everything ?? {}).deployment;
    const types = new Set(instances.map(({ type }) => type));
    expect([...types].filter((type) => !(type in NEEDED)).sort()).toEqual([
      'google_billing_budget',
      'time_sleep',
    ]);
  });

  test('writes out no name of a function, topic, subscription or schedule', () => {
    expect(literalFindings(module)).toEqual([]);
  });

  test('every env/*.tfvars gives variables that there are, and all that have to be given', () => {
    const files = readTexts('terraform/env', '.tfvars');
    expect(Object.keys(files).length).toBeGreaterThan(1);
    expect(tfvarsFindings(module, files)).toEqual([]);
  });

  test('every env/*.gcs.tfbackend has settings of the backend', () => {
    expect(backendFindings(readTexts('terraform/env', '.tfbackend'))).toEqual([]);
  });

  test('every test gives variables that there are and expects failures of what there is', () => {
    const folders = ['terraform/tests', 'terraform/tests/environment'];
    const files = Object.assign({}, ...folders.map((folder) => readTexts(folder, '.tftest.hcl')));
    expect(Object.keys(files).length).toBeGreaterThan(1);
    expect(testFindings(module, files)).toEqual([]);
  });

  test('what functions.json says otherwise is deployed otherwise', () => {
    const other = structuredClone(topology) as Topology & { topics: Record<string, unknown> };
    const [schedule] = other.functions.poll?.triggers ?? [];
    if (schedule) schedule.schedule = '*/7 * * * *';
    other.topics['one-more'] = { purpose: 'planted' };
    const blocks = module.blocks.map((block) =>
      block.kind === 'local' && block.name === 'topology' ? { ...block, body: { value: other } } : block,
    );
    const deployed = deploy({ ...module, blocks }, inputsOf('terraform').everything ?? {});
    expect(topologyFindings(deployed, other)).toEqual([]);
    expect(topologyFindings(deployed, topology)).toEqual([
      expect.stringContaining('google_pubsub_topic.this["one-more"] is called one-more'),
      expect.stringContaining('has schedule */7 * * * *, but functions/functions.json asks for * * * * *'),
    ]);
  });
});
