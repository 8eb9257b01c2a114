import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type StandIns, startStandIns } from '../../scripts/terraform/provider/attach.ts';
import { ROOT } from '../support/repo-files.ts';
import { CLI, runCli } from './cli-workspace.ts';

if (!CLI) process.stderr.write('SKIPPED: the stand-in provider needs terraform or tofu on the PATH\n');

const CONFIGURATION = `
terraform {
  required_providers {
    google = { source = "hashicorp/google" }
    time   = { source = "hashicorp/time" }
  }
}
provider "google" {
  project = "sample"
}
variable "location" { default = "us-central1" }
variable "age" { default = 30 }
data "google_project" "this" {}
resource "google_storage_bucket" "inbox" {
  name                     = "inbox"
  location                 = var.location
  public_access_prevention = "enforced"
  lifecycle_rule {
    action { type = "Delete" }
    condition { age = var.age }
  }
}
resource "time_sleep" "wait" {
  create_duration = "1h"
}
output "bucket" { value = google_storage_bucket.inbox.location }
output "url" { value = google_storage_bucket.inbox.url }
output "number" { value = data.google_project.this.number }
`;

describe.skipIf(!CLI)('the stand-in for the providers', () => {
  let standIns: StandIns;
  let folder: string;
  beforeAll(async () => {
    standIns = await startStandIns();
  });
  afterAll(() => standIns?.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'provider-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const cli = (...args: string[]) => runCli(folder, args, standIns.environment);

  async function configure(change: (text: string) => string = (text) => text): Promise<void> {
    writeFileSync(join(folder, 'main.tf'), change(CONFIGURATION));
    expect(await cli('init')).toMatchObject({ code: 0 });
  }

  test('knows what Google will say when it has been applied, and does not wait', async () => {
    await configure();
    const plan = await cli('plan', '-out=first');
    expect(plan.stdout).toMatch(/url\s+= \(known after apply\)/);
    expect(plan.stdout).toMatch(/number\s+= "000000000000"/);
    expect(plan.stdout).toMatch(/project\s+= "sample"/);

    expect(await cli('apply', 'first')).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli('output', '-json')).stdout)).toMatchObject({
      bucket: { value: 'US-CENTRAL1' },
      url: { value: 'stand-in:google_storage_bucket/inbox.url' },
    });
    expect(await cli('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });
  });

  test('changes in place what can change, and replaces what cannot', async () => {
    await configure();
    await cli('apply', '-auto-approve');
    expect((await cli('plan', '-var=age=60')).stdout).toContain('0 to add, 1 to change, 0 to destroy');
    const moved = (await cli('plan', '-var=location=europe-west4')).stdout;
    expect(moved).toMatch(/"EUROPE-WEST4" # forces replacement/);
    expect(moved).toContain('1 to add, 0 to change, 1 to destroy');
  });

  test.each([
    {
      name: 'an argument that is not there',
      change: ['location  ', 'locations '],
      says: 'An argument named "locations" is not expected here',
    },
    {
      name: 'an argument that is missing',
      change: ['name                     = "inbox"', ''],
      says: 'The argument "name" is required',
    },
    {
      name: 'a value that is none of the choices',
      change: ['"enforced"', '"enforcd"'],
      says: 'expected public_access_prevention to be one of',
    },
    {
      name: 'a value of another type',
      change: ['age = var.age', 'age = "soon"'],
      says: 'Inappropriate value for attribute "age": a number is required',
    },
    {
      name: 'a block that is missing',
      change: ['condition { age = var.age }', ''],
      says: 'At least 1 "condition" blocks are required',
    },
    {
      name: 'an attribute that is not there',
      change: ['inbox.url', 'inbox.address'],
      says: 'This object has no argument, nested block, or exported attribute named',
    },
    {
      name: 'a resource that is not there',
      change: ['"google_storage_bucket" "inbox"', '"google_storage_bocket" "inbox"'],
      says: 'does not support resource type',
    },
  ])('refuses $name', async ({ change: [from = '', to = ''], says }) => {
    await configure((text) => text.replace(from, to));
    const { code, stderr } = await cli('validate');
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\n│? */g, ' ')).toContain(says);
    expect(stderr).toMatch(/on main\.tf line \d+/);
  });
});

describe('with-provider.ts', () => {
  const script = join(ROOT, 'scripts/terraform/with-provider.ts');
  const withProvider = (...args: string[]) =>
    spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

  test('runs a command with the providers attached, and ends as the command does', () => {
    const look =
      'console.log(Object.keys(JSON.parse(process.env.TF_REATTACH_PROVIDERS)).join()); process.exit(7)';
    const { status, stdout } = withProvider(process.execPath, '-e', look);
    expect(status).toBe(7);
    expect(stdout).toContain('registry.terraform.io/hashicorp/google');
    expect(stdout).toContain('registry.terraform.io/hashicorp/time');
  });

  test.each([
    { name: 'no command', args: [], status: 2, says: 'usage: ' },
    {
      name: 'a command that is not there',
      args: ['no-such-program'],
      status: 127,
      says: 'cannot be started',
    },
  ])('says what is wrong with $name', ({ args, status, says }) => {
    const answer = withProvider(...args);
    expect(answer.status).toBe(status);
    expect(answer.stderr).toContain(says);
  });
});
