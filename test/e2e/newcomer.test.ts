import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { startFirestore } from '../../local/firestore/server.ts';
import { startPubSub } from '../../local/pubsub/server.ts';
import { pageText } from '../../scripts/docs/markdown.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../support/firestore-emulator.ts';
import { type Shown, STEPS, walk, writeNotes } from '../support/newcomer.ts';
import { findPubSubEmulator, startPubSubEmulator } from '../support/pubsub-emulator.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';

/** Somebody who is new, with data of their own and the commands of the page, in processes of their own. */

const PAGE = 'docs/first-ten-minutes.md';
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

/** Services that somebody else has started: Google's own emulators where this machine has them. */
async function emulators(): Promise<{ whose: string; environment: Record<string, string> }> {
  const firestoreJar = findFirestoreEmulator();
  const pubsubJar = findPubSubEmulator();
  if ('jar' in firestoreJar && pubsubJar) {
    const firestore = await startFirestoreEmulator(firestoreJar.jar);
    const pubsub = await startPubSubEmulator(pubsubJar);
    closers.push(
      () => firestore.stop(),
      () => pubsub.close(),
    );
    return { whose: 'Google’s own emulators', environment: variables(firestore.address, pubsub.address) };
  }
  console.log(
    'SKIPPED: Google’s own emulators, of which this machine has none; servers of ours in place of them',
  );
  const firestore = await startFirestore(serviceOptions());
  const pubsub = await startPubSub(serviceOptions());
  closers.push(
    () => firestore.close(),
    () => pubsub.close(),
  );
  return { whose: 'other servers', environment: variables(firestore.address, pubsub.address) };
}

const variables = (firestore: string, pubsub: string) => ({
  FIRESTORE_EMULATOR_HOST: firestore,
  PUBSUB_EMULATOR_HOST: pubsub,
});

async function walkIn(environment: Record<string, string>, portBase: number) {
  const folder = temporaryFolder();
  writeNotes(folder, 80);
  return {
    folder,
    shown: await walk(folder, {
      environment: { ...environment, XDG_STATE_HOME: temporaryFolder() },
      portBase,
    }),
  };
}

function expectEverything(shown: readonly Shown[]): void {
  for (const { step, code, output } of shown) {
    expect({ command: step.command, code, output: code === step.code ? '' : output }).toEqual({
      ...{ command: step.command, code: step.code, output: '' },
    });
    for (const pattern of step.shows) expect(output, step.command).toMatch(pattern);
  }
}

describe('from a clone to a tuned model of own data', { timeout: 900_000 }, () => {
  test('on the cloud of npm start', async () => {
    const { folder, shown } = await walkIn({}, 19_520);
    expectEverything(shown);
    if (process.env.WRITE_PAGE) writeFileSync(PAGE, pageOf(shown, folder));
  });

  test('with Firestore and Pub/Sub of somebody else', async () => {
    const { whose, environment } = await emulators();
    console.log(`Firestore and Pub/Sub: ${whose}`);
    const { shown } = await walkIn(environment, 19_540);
    expectEverything(shown);
    const [{ output } = { output: '' }] = shown;
    expect(output).toContain(`FIRESTORE_EMULATOR_HOST=${environment.FIRESTORE_EMULATOR_HOST}`);
  });

  test('the page has every command, and an output that still looks like it', () => {
    const page = readFileSync(PAGE, 'utf8');
    for (const { command, shows } of STEPS) {
      expect(page).toContain(`$ ${command}\n`);
      for (const pattern of shows) expect(page, command).toMatch(pattern);
    }
  });
});

/** Longer outputs are cut where the reader has seen what it is. */
const MOST_LINES = 40;

function pageOf(shown: readonly Shown[], folder: string): string {
  const blocks = shown.map(({ step, output }) => {
    const lines = output.replaceAll(`${folder}/`, '').replaceAll(folder, '.').trimEnd().split('\n');
    const cut = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines;
    return `${step.why}\n\n\`\`\`\n$ ${step.command}\n${cut.join('\n')}\n\`\`\``;
  });
  return pageText(
    '# The first ten minutes',
    '<!-- Written by `WRITE_PAGE=1 npx vitest run test/e2e/newcomer.test.ts` from what the commands have shown. -->',
    'Data of your own, from a spreadsheet to a tuned model, on a machine with Node and npm: what to type, and what it shows.\nThe model is the small one of the embedded cloud, which trains here and says nothing about Google’s.',
    '```\n$ git clone … tunedrop && cd tunedrop\n```',
    ...blocks,
    '## With emulators that run already',
    'The same commands do the same where Firestore and Pub/Sub are somebody else’s, Google’s emulators for one. Say so before `npm start`, in both terminals:',
    '```\n$ gcloud emulators firestore start --host-port=127.0.0.1:8080\n$ gcloud emulators pubsub start --host-port=127.0.0.1:8085\n$ export FIRESTORE_EMULATOR_HOST=127.0.0.1:8080 PUBSUB_EMULATOR_HOST=127.0.0.1:8085\n$ npm start -- --no-example\n```',
  );
}
