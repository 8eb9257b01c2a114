// Terraform's files as blocks.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What stands between braces, as hcl2json gives it: arguments by name, blocks as lists of bodies, texts with templates. */
export type Body = Readonly<Record<string, unknown>>;

export type BlockKind =
  | 'resource'
  | 'data'
  | 'variable'
  | 'local'
  | 'output'
  | 'check'
  | 'provider'
  | 'terraform'
  | 'run'
  | 'other';

/** A block on the first level of a file. Each entry of `locals` is one, with its value as `value`. */
export interface Block {
  kind: BlockKind;
  /** Of a resource or data source; the keyword of a block of kind `other`. */
  type: string;
  name: string;
  body: Body;
  file: string;
  /** Where the block begins, from 1. */
  line: number;
}

/** Files by path from the repository's root, as text. */
export type Texts = Readonly<Record<string, string>>;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CHILD = fileURLToPath(new URL('parse-child.mjs', import.meta.url));

/** The files of a folder of the repository whose names end so; folders in it are modules of their own and left out. */
export function readTexts(folder: string, ending: string): Texts {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(ending));
  return Object.fromEntries(
    names.sort().map((name) => [`${folder}/${name}`, readFileSync(join(ROOT, folder, name), 'utf8')]),
  );
}

type Answer = { body: Body } | { error: string };
const known = new Map<string, Answer>();

/** A file that is not HCL. The message has file, line and what was wrong. */
export class HclError extends Error {}

/** Reads all the files at once, in one process, and remembers them; `blocksOf` of the same texts is fast then. */
export function parseAll(files: readonly (readonly [path: string, text: string])[]): void {
  const missing = files.filter((file) => !known.has(keyOf(file)));
  if (missing.length === 0) return;
  const input = Object.fromEntries(missing.map((file) => [`${keyOf(file)}/${file[0]}`, file[1]]));
  const { stdout, stderr } = spawnSync(process.execPath, [CHILD], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  if (stdout === '') throw new Error(`the parser of HCL did not answer: ${stderr}`);
  for (const [key, answer] of Object.entries(JSON.parse(stdout) as Record<string, Answer>)) {
    known.set(key.slice(0, key.indexOf('/')), answer);
  }
}

function keyOf([path, text]: readonly [string, string]): string {
  return createHash('sha256').update(`${path}\n${text}`).digest('hex');
}

/** The file's body as hcl2json gives it. Throws HclError. */
export function blockBodyOf(path: string, text: string): Body {
  parseAll([[path, text]]);
  const answer = known.get(keyOf([path, text]));
  if (answer && 'body' in answer) return answer.body;
  const said = (answer?.error ?? 'it was not read').replace(/\b[0-9a-f]{64}\//g, '');
  throw new HclError(`${path} is not HCL: ${said}`);
}

/** Every block of the files, in order of path. Throws HclError. */
export function blocksOf(texts: Texts): Block[] {
  parseAll(Object.entries(texts));
  return Object.entries(texts).flatMap(([path, text]) => fileBlocks(path, text));
}

function fileBlocks(file: string, text: string): Block[] {
  const at = (pattern: RegExp) => lineOf(text, pattern);
  return Object.entries(blockBodyOf(file, text)).flatMap(([keyword, value]): Block[] => {
    if (keyword === 'locals') return localBlocks(file, text, value);
    if (keyword === 'resource' || keyword === 'data') {
      return labelled(value).flatMap(({ label: type, value: names }) =>
        labelled(names).flatMap(({ label: name, value: bodies }) =>
          bodyList(bodies).map((body) => ({
            kind: keyword,
            type,
            name,
            body,
            file,
            line: at(header(keyword, type, name)),
          })),
        ),
      );
    }
    if (Array.isArray(value)) {
      return bodyList(value).map((body) => ({
        kind: kindOf(keyword),
        type: keyword,
        name: '',
        body,
        file,
        line: at(header(keyword)),
      }));
    }
    return labelled(value).flatMap(({ label: name, value: bodies }) =>
      bodyList(bodies).map((body) => ({
        kind: kindOf(keyword),
        type: keyword,
        name,
        body,
        file,
        line: at(header(keyword, name)),
      })),
    );
  });
}

const KINDS: readonly string[] = ['variable', 'output', 'check', 'provider', 'terraform', 'run'];

function kindOf(keyword: string): BlockKind {
  return KINDS.includes(keyword) ? (keyword as BlockKind) : 'other';
}

function localBlocks(file: string, text: string, value: unknown): Block[] {
  return bodyList(value).flatMap((body) =>
    Object.entries(body).map(([name, inner]) => ({
      kind: 'local',
      type: 'locals',
      name,
      body: { value: inner },
      file,
      line: lineOf(text, new RegExp(`^\\s+${name}\\s*=`, 'm')),
    })),
  );
}

function labelled(value: unknown): { label: string; value: unknown }[] {
  return Object.entries(value as Record<string, unknown>).map(([label, inner]) => ({ label, value: inner }));
}

function bodyList(value: unknown): Body[] {
  return (Array.isArray(value) ? value : [value]) as Body[];
}

function header(keyword: string, ...labels: string[]): RegExp {
  return new RegExp(`^${keyword}${labels.map((label) => `\\s+"${label}"`).join('')}\\s*\\{`, 'm');
}

function lineOf(text: string, pattern: RegExp): number {
  const { index } = pattern.exec(text) ?? { index: 0 };
  return text.slice(0, index).split('\n').length;
}

/** The line of an argument or block in a block of the file; the line of the block itself when it is not found. */
export function lineWithin(text: string, { line }: Block, name: string): number {
  const lines = text.split('\n');
  const end = lines.findIndex((content, index) => index >= line && /^\}/.test(content));
  const found = lines.findIndex(
    (content, index) =>
      index >= line &&
      (end < 0 || index < end) &&
      new RegExp(`^\\s*(?:dynamic\\s+")?${name}\\b`).test(content),
  );
  return found < 0 ? line : found + 1;
}
