import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Firestore } from '@google-cloud/firestore';
import { type Bucket, Storage } from '@google-cloud/storage';
import { printable } from '../../shared/core/json/printable.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { readableRun } from '../../shared/core/run/versions.ts';

/**
 * Proves a deployment from outside: uploads an example as a dry run, waits until its document has ended, and takes away
 * what it uploaded. It speaks to whatever Google's clients reach, so the embedded cloud will do.
 *
 *   PROJECT_ID=… INBOX_BUCKET=… FIRESTORE_DATABASE=… node scripts/deploy/smoke.ts [--example DIR] [--folder NAME]
 */

const EXPECTED = 'PLANNED';
const MANIFEST = 'tune.json';

interface SmokeOptions {
  project: string;
  inbox: string;
  database: string;
  /** Folder on disk with a manifest and the data that it names. */
  example: string;
  /** Folder in the inbox; one of its own for each test. */
  folder: string;
  timeoutMs: number;
  log: (line: string) => void;
}

/** Uploads, waits, cleans up; true when the run ended as a dry run without errors does. */
async function smoke(options: SmokeOptions): Promise<boolean> {
  const { project, inbox, database, example, folder, timeoutMs, log } = options;
  const bucket = new Storage({ projectId: project }).bucket(inbox);
  const firestore = new Firestore({ projectId: project, databaseId: database });
  const uploads = uploadsOf(example, folder);
  try {
    // The manifest comes last, so that nothing has to be waited for.
    for (const { name, content } of uploads) await bucket.file(name).save(content, { resumable: false });
    const runId = await runIdIn(bucket, `${folder}/${MANIFEST}`);
    log(`uploaded ${example} as a dry run: ${gsUri({ bucket: inbox, name: folder })}, run ${runId}`);
    return isExpected(await endOf(firestore, runId, { timeoutMs, log }), log);
  } finally {
    await Promise.allSettled(uploads.map(({ name }) => bucket.file(name).delete({ ignoreNotFound: true })));
    await firestore.terminate();
  }
}

interface Upload {
  name: string;
  content: Buffer | string;
}

function uploadsOf(example: string, folder: string): Upload[] {
  const data = readdirSync(example)
    .filter((file) => file !== MANIFEST && file !== 'README.md')
    .map((file) => ({ name: `${folder}/${file}`, content: readFileSync(join(example, file)) }));
  const manifest = JSON.parse(readFileSync(join(example, MANIFEST), 'utf8'));
  const content = JSON.stringify({ ...manifest, dry_run: true });
  return [...data, { name: `${folder}/${MANIFEST}`, content }];
}

async function runIdIn(bucket: Bucket, name: string): Promise<string> {
  const [{ generation }] = await bucket.file(name).getMetadata();
  return runIdOf({ bucket: bucket.name, name, generation: String(generation) });
}

/** The run when it has ended; undefined when it has not in time. */
function endOf(
  firestore: Firestore,
  runId: string,
  { timeoutMs, log }: Pick<SmokeOptions, 'timeoutMs' | 'log'>,
): Promise<Run | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      end();
    };
    const timer = setTimeout(() => finish(() => resolve(undefined)), timeoutMs);
    const unsubscribe = firestore.doc(`runs/${runId}`).onSnapshot(
      (snapshot) => {
        const run = readableRun(snapshot.data());
        if (run) log(`${run.status.state}: ${run.status.message}`);
        if (run && isTerminal(run.status.state)) finish(() => resolve(run));
      },
      (error) => finish(() => reject(error)),
    );
  });
}

function isExpected(run: Run | undefined, log: SmokeOptions['log']): boolean {
  if (run?.status.state === EXPECTED) return true;
  log(
    run
      ? `expected ${EXPECTED}, found ${run.status.state}`
      : `expected ${EXPECTED}, found no end of the run in time`,
  );
  return false;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see the output deploy_env of terraform/outputs.tf`);
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      example: { type: 'string', default: 'examples/medical-specialty' },
      folder: { type: 'string', default: `smoke-test/${Date.now()}` },
      'timeout-seconds': { type: 'string', default: '600' },
    },
  });
  const passed = await smoke({
    project: required('PROJECT_ID'),
    inbox: required('INBOX_BUCKET'),
    database: required('FIRESTORE_DATABASE'),
    example: values.example,
    folder: values.folder,
    timeoutMs: Number(values['timeout-seconds']) * 1000,
    log: (line) => process.stdout.write(printable(`${line}\n`)),
  });
  process.stdout.write(passed ? 'smoke test passed\n' : 'smoke test FAILED\n');
  process.exitCode = passed ? 0 : 1;
}

void main();
