import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createArchive } from '../../scripts/build/archive.ts';
import { ROOT, readRepoFile } from '../support/repo-files.ts';

/** The program on this machine; undefined where there is none. */
export const CLI = ['terraform', 'tofu'].find((name) => spawnSync(name, ['-version']).status === 0);

/** A copy of `terraform/` with its state in a file, where a test may plan, apply and change. */
export interface Workspace {
  folder: string;
  /** Runs Terraform there; rejects with all that it said unless it ends with one of `codes`. */
  run(args: string[], options?: { codes?: number[] }): Promise<Answer>;
  /** What a plan made by `-out=NAME`, or the state where no name is given, looks like resolved. */
  show<Shape>(plan?: string): Promise<Shape>;
  /** Lets go of everything that `prevent_destroy` holds. */
  liftProtection(): void;
  write(file: string, content: string): void;
  close(): void;
}

export interface Answer {
  code: number | null;
  /** Both streams. */
  said: string;
}

export function createWorkspace(environment: Record<string, string>): Workspace {
  const place = mkdtempSync(join(tmpdir(), 'terraform-'));
  const folder = join(place, 'terraform');
  cpSync(join(ROOT, 'terraform'), folder, {
    recursive: true,
    filter: (path) => !/^\.terraform$|\.tfstate|^schema$/.test(basename(path)),
  });
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
  write('backend_override.tf', 'terraform {\n  backend "local" {}\n}\n');
  mkdirSync(join(place, 'functions'));
  for (const file of ['functions/functions.json', 'package.json', 'cloudbuild.apply.yaml'])
    cpSync(join(ROOT, file), join(place, file));
  writeBundles(join(place, 'dist'));

  const run: Workspace['run'] = async (args, { codes = [0] } = {}) => {
    const answer = await runCli(folder, args, environment);
    const said = answer.stdout + answer.stderr;
    if (codes.includes(answer.code ?? -1)) return { code: answer.code, said };
    throw new Error(`${CLI} ${args.join(' ')} ended with ${answer.code}:\n${said}`);
  };
  return {
    ...{ folder, write, run },
    async show(plan) {
      const { stdout } = await runCli(folder, ['show', '-json', ...(plan ? [plan] : [])], environment);
      return JSON.parse(stdout);
    },
    liftProtection: () => write('protection_override.tf', withoutProtection(folder)),
    close: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** Runs the program in a folder, whatever it ends with. */
export async function runCli(cwd: string, args: string[], environment: Record<string, string>) {
  const child = spawn(CLI ?? 'terraform', args, {
    cwd,
    env: { ...process.env, ...environment, TF_CLI_ARGS: '-no-color' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, code };
}

/** Small ones: Terraform looks at their checksums only. */
function writeBundles(folder: string): void {
  mkdirSync(folder);
  for (const name of Object.keys(JSON.parse(readRepoFile('functions/functions.json')).functions)) {
    writeFileSync(join(folder, `${name}.zip`), createArchive({ 'index.js': Buffer.from(name) }));
  }
}

/** Overrides for every resource that says `prevent_destroy`. */
function withoutProtection(folder: string): string {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.tf') && !file.endsWith('_override.tf'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/^(?=\w)/m))
    .filter((block) => /^\s+prevent_destroy\s*=\s*true/m.test(block))
    .map((block) => `${block.split('\n')[0]}\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n`)
    .join('\n');
}
