import { describe, expect, test } from 'vitest';
import { CORE_FLOORS, importViolations } from '../support/import-rules.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';
import { codeOf } from '../support/source-text.ts';

const SOURCES = /^(?:functions|shared|local|cli|scripts|bench|test)\/.*\.(?:ts|mjs)$/;

test('every import goes in the direction that docs/architecture.md draws', () => {
  const files = repoFiles(SOURCES);
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((file) => importViolations(file, readRepoFile(file)))).toEqual([]);
});

test('docs/architecture.md draws the floors of core as they are', () => {
  const drawing = /stand on each other;[\s\S]*?```\n([\s\S]*?)\n```/.exec(
    readRepoFile('docs/architecture.md'),
  )?.[1];
  const drawn = drawing?.split('\n').map((line) => line.split(/ +/));
  expect(drawn).toEqual(CORE_FLOORS.toReversed());
});

test('shared has no barrel files: every file has something of its own', () => {
  const barrels = repoFiles(/^shared\/.*\.ts$/).filter((file) => {
    const code = codeOf(readRepoFile(file));
    return (
      /\/(?:index|utils|helpers|common)\.ts$/.test(file) ||
      /\bexport\s*\*/.test(code) ||
      !/\bexport\s+(?:async\s+)?(?:const|function|class|interface|type\s+\w)/.test(code)
    );
  });
  expect(barrels).toEqual([]);
});

describe('a planted import against the rules is found', () => {
  const planted: { name: string; file: string; source: string }[] = [
    {
      name: 'core takes a Google client',
      file: 'shared/core/tuning/plan.ts',
      source: "import { Storage } from '@google-cloud/storage';",
    },
    {
      name: 'core takes a type of a port',
      file: 'shared/core/tuning/plan.ts',
      source: "import type { Clock } from '../../ports.ts';",
    },
    {
      name: 'core reads files',
      file: 'shared/core/tuning/plan.ts',
      source: "import { readFileSync } from 'node:fs';",
    },
    {
      name: 'core hashes outside of digest.ts',
      file: 'shared/core/tuning/plan.ts',
      source: "import { createHash } from 'node:crypto';",
    },
    {
      name: 'core imports dynamically',
      file: 'shared/core/tuning/plan.ts',
      source: "const fs = await import('node:fs');",
    },
    { name: 'core requires', file: 'shared/core/tuning/plan.ts', source: "const fs = require('node:fs');" },
    {
      name: 'core re-exports',
      file: 'shared/core/tuning/plan.ts',
      source: "export { now } from '../../runtime/clock.ts';",
    },
    {
      name: 'a port takes a value',
      file: 'shared/ports.ts',
      source: "import { isTerminal } from './core/run/states.ts';",
    },
    {
      name: 'a flow takes an adapter',
      file: 'shared/flows/record.ts',
      source: "import { createObjectStore } from '../adapters/gcs.ts';",
    },
    {
      name: 'the runtime takes a Google client',
      file: 'shared/runtime/events.ts',
      source: "import { PubSub } from '@google-cloud/pubsub';",
    },
    {
      name: 'an adapter reads the configuration',
      file: 'shared/adapters/gcs.ts',
      source: "import { readConfig } from '../runtime/config.ts';",
    },
    {
      name: 'a handler takes an adapter',
      file: 'functions/poll/handler.ts',
      source: "import { createObjectStore } from '../../shared/adapters/gcs.ts';",
    },
    {
      name: 'a handler takes a Google client',
      file: 'functions/poll/handler.ts',
      source: "import { GoogleAuth } from 'google-auth-library';",
    },
    {
      name: 'one function takes another',
      file: 'functions/poll/handler.ts',
      source: "import { createSubmitHandler } from '../submit/handler.ts';",
    },
    {
      name: 'a function takes the embedded cloud',
      file: 'functions/poll/index.ts',
      source: "import { systemClock } from '../../local/clock.ts';",
    },
    {
      name: 'the embedded cloud takes product code',
      file: 'local/vertex/jobs/tasks.ts',
      source: "import { MODELS } from '../../../shared/core/models/models.ts';",
    },
    {
      name: 'the embedded cloud takes a type of product code',
      file: 'local/vertex/jobs/tasks.ts',
      source: "import type { Run } from '../../../shared/core/run/run.ts';",
    },
    {
      name: 'the embedded cloud takes a Google client',
      file: 'local/storage/server.ts',
      source: "import { Storage } from '@google-cloud/storage';",
    },
    {
      name: 'the command line starts a function',
      file: 'cli/main.ts',
      source: "await import('../functions/poll/index.ts');",
    },
    {
      name: 'the command line takes a handler',
      file: 'cli/main.ts',
      source: "import { createPollHandler } from '../functions/poll/handler.ts';",
    },
    { name: 'a folder has no rule', file: 'tools/x.ts', source: '' },
    { name: 'a room of core has no floor', file: 'shared/core/prices/x.ts', source: '' },
    {
      name: 'a room of core takes one above it',
      file: 'shared/core/tuning/plan.ts',
      source: "import { isTerminal } from '../run/states.ts';",
    },
    {
      name: 'a room of core takes a type of its neighbour',
      file: 'shared/core/dataset/check.ts',
      source: "import type { Manifest } from '../manifest/keys.ts';",
    },
    {
      name: 'one service takes another',
      file: 'local/pubsub/server.ts',
      source: "import { openStore } from '../firestore/store.ts';",
    },
    {
      name: 'a service takes the table of services',
      file: 'local/storage/server.ts',
      source: "import { SERVICES } from '../services.ts';",
    },
    {
      name: 'one command takes another',
      file: 'cli/plan/command.ts',
      source: "import { showCheck } from '../check/show.ts';",
    },
    {
      name: 'the reader of arguments takes a command',
      file: 'cli/command-line/run.ts',
      source: "import { COMMANDS } from '../commands.ts';",
    },
    {
      name: 'an import stands over several lines after a comment',
      file: 'shared/core/tuning/plan.ts',
      source: "/* it's here */\nimport {\n  // `why`\n  readFileSync,\n} from 'node:fs';",
    },
  ];
  test.each(planted)('$name', ({ file, source }) => {
    expect(importViolations(file, source)).toHaveLength(1);
  });
});

describe('an import within the rules is none', () => {
  const lawful: { name: string; file: string; source: string }[] = [
    {
      name: 'a room of core takes one below it',
      file: 'shared/core/run/run.ts',
      source: "import type { Manifest } from '../manifest/keys.ts';",
    },
    {
      name: 'a service takes the one that it is listed with',
      file: 'local/pubsub/server.ts',
      source: "import { createQueue } from '../delivery/queue.ts';",
    },
    {
      name: 'digest.ts hashes',
      file: 'shared/core/objects/digest.ts',
      source: "import { createHash } from 'node:crypto';",
    },
    {
      name: 'a port takes types of core',
      file: 'shared/ports.ts',
      source: "import type { Run } from './core/run/run.ts';",
    },
    {
      name: 'a handler takes types of ports',
      file: 'functions/poll/handler.ts',
      source: "import type { Clock } from '../../shared/ports.ts';",
    },
    {
      name: 'a composition root takes adapters',
      file: 'functions/poll/index.ts',
      source: "import { createObjectStore } from '../../shared/adapters/gcs.ts';",
    },
    {
      name: 'the embedded cloud reads Google’s protobuf',
      file: 'local/pubsub/server.ts',
      source: "require.resolve('@google-cloud/pubsub/build/protos/protos.json');",
    },
    {
      name: 'a comment names a module',
      file: 'shared/core/tuning/plan.ts',
      source: "// import { readFileSync } from 'node:fs';",
    },
    {
      name: 'a string quotes an import',
      file: 'shared/core/tuning/plan.ts',
      source: 'const text = "import fs from \'node:fs\'";',
    },
    {
      name: 'a template quotes an import',
      file: 'shared/core/tuning/plan.ts',
      source: "const text = `import fs from 'node:fs'`;",
    },
  ];
  test.each(lawful)('$name', ({ file, source }) => {
    expect(importViolations(file, source)).toEqual([]);
  });
});
