import type { Block, Body, Texts } from '../../../scripts/terraform/hcl/blocks.ts';
import { blockBodyOf, blocksOf } from '../../../scripts/terraform/hcl/blocks.ts';
import { referencesIn } from '../../../scripts/terraform/hcl/references.ts';
import { didYouMean, finding, moduleOf, type TerraformModule } from './module.ts';
import { membersOf } from './references.ts';

const BACKEND = ['bucket', 'prefix', 'impersonate_service_account', 'kms_encryption_key'];

/** What is wrong with `env/*.tfvars`: every key is a variable of the module, and every variable that has to be given is. */
export function tfvarsFindings(module: TerraformModule, texts: Texts): string[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    const given = blockBodyOf(path, text);
    const line = (name: string) => text.split('\n').findIndex((content) => content.startsWith(name)) + 1;
    return [
      ...assignmentProblems(module, given).map(
        ({ name, problem }) => `${path}:${line(name)}: ${name} ${problem}`,
      ),
      ...requiredNames(module)
        .filter((name) => !(name in given))
        .map((name) => `${path}: ${name} is not given, and has no default`),
    ];
  });
}

/** What is wrong with `env/*.gcs.tfbackend`. */
export function backendFindings(texts: Texts): string[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    const given = Object.keys(blockBodyOf(path, text));
    return [
      ...given
        .filter((name) => !BACKEND.includes(name))
        .map((name) => `${path}: ${name} is no setting of the gcs backend${didYouMean(name, BACKEND)}`),
      ...(given.includes('bucket') ? [] : [`${path}: bucket is not given`]),
    ];
  });
}

/** What is wrong with the files of `terraform test`: variables, mocks and what is expected to fail. */
export function testFindings(module: TerraformModule, texts: Texts): string[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    const blocks = blocksOf({ [path]: text });
    const own = moduleOf(module.folder, { [path]: text });
    const shared = blocks.filter(({ type }) => type === 'variables').flatMap(({ body }) => Object.keys(body));
    return blocks.flatMap((block) => {
      if (block.type === 'variables') return assigned(own, module, { block, body: block.body });
      return block.kind === 'run' ? runFindings(own, module, { block, shared, path }) : [];
    });
  });
}

interface Run {
  block: Block;
  shared: string[];
  path: string;
}

function runFindings(own: TerraformModule, module: TerraformModule, { block, shared, path }: Run): string[] {
  const [variables = {}] = (block.body.variables ?? []) as Body[];
  const given = new Set([...shared, ...Object.keys(variables)]);
  const fromFile = path.includes('/environment/'); // run with -var-file
  const missing = fromFile ? [] : requiredNames(module).filter((name) => !given.has(name));
  return [
    ...assigned(own, module, { block, body: variables }),
    ...missing.map((name) => finding(own, block, `does not give ${name}, which has no default`)),
    ...referencesIn(block.body.expect_failures)
      .filter((reference) => !isDeclared(module, reference))
      .map((reference) =>
        finding(own, block, `expects ${reference.join('.')} to fail, which is nothing`, 'expect_failures'),
      ),
  ];
}

function isDeclared(
  { blocks }: TerraformModule,
  [root = '', first = '', second = '']: readonly string[],
): boolean {
  return blocks.some(({ kind, type, name }) => {
    if (root === 'var') return kind === 'variable' && name === first;
    if (root === 'check') return kind === 'check' && name === first;
    if (root === 'output') return kind === 'output' && name === first;
    if (root === 'data') return kind === 'data' && type === first && name === second;
    return kind === 'resource' && type === root && name === first;
  });
}

function assigned(
  own: TerraformModule,
  module: TerraformModule,
  { block, body }: { block: Block; body: Body },
): string[] {
  return assignmentProblems(module, body).map(({ name, problem }) =>
    finding(own, block, `gives ${name}, which ${problem}`, name),
  );
}

function assignmentProblems({ blocks }: TerraformModule, given: Body): { name: string; problem: string }[] {
  const variables = blocks.filter(({ kind }) => kind === 'variable');
  const names = variables.map(({ name }) => name);
  return Object.entries(given).flatMap(([name, value]) => {
    const variable = variables.find((block) => block.name === name);
    if (!variable) return [{ name, problem: `is no variable${didYouMean(name, names)}` }];
    const problem = typeProblem(String(variable.body.type ?? ''), value);
    return problem ? [{ name, problem }] : [];
  });
}

function requiredNames({ blocks }: TerraformModule): string[] {
  return blocks
    .filter(({ kind, body }) => kind === 'variable' && !('default' in body))
    .map(({ name }) => name);
}

const TYPES: [pattern: RegExp, word: string, fits: (value: unknown) => boolean][] = [
  [/^\$\{string\}$/, 'a text', (value) => typeof value === 'string'],
  [/^\$\{number\}$/, 'a number', (value) => typeof value === 'number'],
  [/^\$\{bool\}$/, 'true or false', (value) => typeof value === 'boolean'],
  [/^\$\{(?:set|list)\(/, 'a list', Array.isArray],
  [/^\$\{(?:map|object)\(/, 'a map', (value) => typeof value === 'object' && !Array.isArray(value)],
];

function typeProblem(type: string, value: unknown): string | undefined {
  const isWorkedOut = typeof value === 'string' && value.includes('${');
  if (value === null || isWorkedOut) return undefined;
  const [, word, fits] = TYPES.find(([pattern]) => pattern.test(type)) ?? [];
  if (fits && !fits(value)) return `is ${JSON.stringify(value)}, but ${word} is expected`;
  const members = membersOf(type);
  const odd = members && Object.keys(value as object).find((name) => !members.includes(name));
  return odd ? `has the member ${odd}, which its type has not${didYouMean(odd, members)}` : undefined;
}
