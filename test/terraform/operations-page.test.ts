import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readTexts } from '../../scripts/terraform/hcl/blocks.ts';
import { ROOT, readRepoFile } from '../support/repo-files.ts';
import { readModule } from './checks/module.ts';

/** Commands of a page: its indented lines, with those that are continued on the next. */
function commandsOf(page: string): string[] {
  const lines = page
    .split('\n')
    .filter((line) => /^(?: {4}|\t)/.test(line) && !/^\s*(?:\d+\.|[-*|]) /.test(line));
  return lines
    .map((line) => line.trim())
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^(?:gcloud|terraform|npm|npx|node|scripts\/|cd) ?/.test(line));
}

const found = (commands: string[], pattern: RegExp) =>
  commands.flatMap((command) => [...command.matchAll(pattern)].map(([, name = '']) => name));
const namesOf = (folder: string, kind: string) =>
  readModule(folder)
    .blocks.filter((block) => block.kind === kind)
    .map(({ name }) => name);

describe('the commands of docs/operations.md', () => {
  const commands = commandsOf(readRepoFile('docs/operations.md'));

  test('are there', () => {
    expect(commands.length).toBeGreaterThan(15);
  });

  test('run files that there are', () => {
    const paths = found(commands, /(?:^|\s)(scripts\/[\w./-]+)/g);
    expect(paths.length).toBeGreaterThan(1);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('run scripts of package.json', () => {
    const { scripts } = JSON.parse(readRepoFile('package.json'));
    expect(found(commands, /npm run (\w+)/g).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('submit builds that there are, with substitutions that they have', () => {
    const builds = commands.filter((command) => command.startsWith('gcloud builds submit'));
    for (const command of builds) {
      const [config = 'cloudbuild.yaml'] = found([command], /--config=(\S+)/g);
      const { substitutions } = parse(readRepoFile(config));
      expect(found([command], /[=,](_[A-Z_]+)=/g).filter((name) => !(name in substitutions))).toEqual([]);
      expect(command, 'who a build runs as').toContain(
        '--service-account=projects/P/serviceAccounts/tunedrop-',
      );
    }
  });

  test('give variables and read outputs that there are', () => {
    const bootstrap = commands.filter((command) => command.includes('terraform/bootstrap'));
    const variables = namesOf('terraform/bootstrap', 'variable');
    expect(found(bootstrap, /-var '?(\w+)=/g).filter((name) => !variables.includes(name))).toEqual([]);
    const outputs = [...namesOf('terraform', 'output'), ...namesOf('terraform/bootstrap', 'output')];
    expect(found(commands, /output -raw (\w+)/g).filter((name) => !outputs.includes(name))).toEqual([]);
  });

  test('name files of env/ from where Terraform runs', () => {
    const files = Object.keys({
      ...readTexts('terraform/env', '.tfvars'),
      ...readTexts('terraform/env', '.tfbackend'),
    });
    const named = found(commands, /-(?:var-file|backend-config)=(env\/\S+)/g);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !files.includes(`terraform/${name}`))).toEqual([]);
  });

  test('initialise before they plan, apply or destroy', () => {
    const [first] = commands.filter((command) =>
      /^terraform (?!fmt|-chdir=terraform\/bootstrap)/.test(command),
    );
    expect(first).toMatch(/ init /);
  });
});

test('the command that bootstrap puts out is the one of the page', () => {
  const [command] = commandsOf(readRepoFile('docs/operations.md')).filter((line) =>
    line.startsWith('gcloud builds submit'),
  );
  const output = readRepoFile('terraform/bootstrap/outputs.tf');
  for (const substitution of found([String(command)], /[=,](\w+)=/g))
    expect(output).toContain(`${substitution}=`);
  expect(output).toContain('gcloud builds submit');
});
