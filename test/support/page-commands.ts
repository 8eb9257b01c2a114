import { readRepoFile } from './repo-files.ts';

/** Pages whose commands are run by a test, as far as that is possible without a project of Google Cloud. */
export const COMMAND_PAGES = ['docs/run-events.md', 'docs/operations.md', 'docs/local-cloud.md'] as const;

/** What happens to a command of a page. */
export type CommandVerdict =
  /** test/e2e/page-commands.test.ts runs it and finds this in what it writes. */
  | { run: true; writes: RegExp }
  /** This test runs it, or what it does. */
  | { test: string }
  /** No test runs it, for this reason. */
  | { reason: string };

export interface CommandRow {
  command: RegExp;
  verdict: CommandVerdict;
}

const PROJECT = { reason: 'it needs a project of Google Cloud' };
const DEPLOYMENT = { reason: 'it reads or changes the state of a deployment, which needs a project' };

/** By page; the first row that fits counts. A command without a row fails test/repo/page-commands.test.ts. */
export const PAGE_COMMANDS: Record<(typeof COMMAND_PAGES)[number], readonly CommandRow[]> = {
  'docs/run-events.md': [
    { command: /^npm run docs/, verdict: { test: 'test/repo/docs-fresh.test.ts' } },
    {
      command: /^gcloud pubsub subscriptions create tuning-ends/,
      verdict: { run: true, writes: /Created subscription \[.*tuning-ends\]/ },
    },
    {
      command: /^gcloud pubsub subscriptions pull tuning-ends/,
      verdict: { run: true, writes: /terminal=true/ },
    },
    {
      command: /^gcloud pubsub subscriptions create tell-chat(?!-)/,
      verdict: { test: 'test/e2e/tell-people.test.ts' },
    },
    { command: /^(?:gcloud|printf) /, verdict: PROJECT },
  ],
  'docs/operations.md': [
    { command: /^gcloud auth/, verdict: { reason: 'it asks a person to sign in' } },
    {
      command: /^gcloud pubsub subscriptions pull SUBSCRIPTION/,
      verdict: { run: true, writes: /ACK_ID|Listed 0 items/ },
    },
    { command: /^gcloud /, verdict: PROJECT },
    { command: /^scripts\/deploy\//, verdict: { test: 'test/terraform/deploy-scripts.test.ts' } },
    {
      command: /^npx node --env-file=terraform\/deploy\.env/,
      verdict: { test: 'test/terraform/smoke.test.ts' },
    },
    { command: /^npx tunedrop doctor/, verdict: { test: 'test/cli/doctor.test.ts' } },
    { command: /^terraform test/, verdict: { test: 'test/terraform/cli.test.ts' } },
    { command: /^terraform /, verdict: DEPLOYMENT },
    { command: /^npm ci --ignore-scripts && npm run build/, verdict: { test: 'test/repo/build.test.ts' } },
  ],
  'docs/local-cloud.md': [
    { command: /^npm start/, verdict: { test: 'test/cli/start.test.ts' } },
    { command: /^npm /, verdict: { reason: 'it is how tests and benches are run' } },
    { command: /^curl -H .*:predict$/, verdict: { run: true, writes: /"predictions"/ } },
    { command: /^curl -H .*:generateContent$/, verdict: { run: true, writes: /"candidates"/ } },
    { command: /^curl 127\.0\.0\.1:9105\/faults\/release/, verdict: { run: true, writes: /"released"/ } },
    { command: /^curl 127\.0\.0\.1:9105\/faults/, verdict: { run: true, writes: /"remaining"/ } },
    { command: /^curl 127\.0\.0\.1:9105\/planted/, verdict: { run: true, writes: /"planted"/ } },
    { command: /^curl '127\.0\.0\.1:9105\/history/, verdict: { run: true, writes: /"calls"/ } },
    { command: /^curl 'http:\/\/127\.0\.0\.1:9102/, verdict: { test: 'test/local/firestore-admin.test.ts' } },
    {
      command: /^CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE=/,
      verdict: { test: 'test/local/firestore-admin.test.ts' },
    },
    { command: /^rclone /, verdict: { test: 'test/local/storage-rclone.test.ts' } },
    { command: /^gcloud storage/, verdict: { test: 'test/local/storage-gcloud.test.ts' } },
    { command: /^export CLOUDSDK_/, verdict: { run: true, writes: /^$/ } },
    { command: /^gcloud pubsub topics list/, verdict: { run: true, writes: /run-events/ } },
  ],
};

/** Programs that a person calls: what begins with another word in a page is no command. */
const PROGRAM = '(?:gcloud|gsutil|rclone|curl|terraform|npm|npx|node|export|scripts/[\\w/.-]+|[A-Z_]+=\\S+)';
const COMMAND = new RegExp(`^${PROGRAM}(?: |$)`);
const INLINE = new RegExp(`\`(${PROGRAM} [^\`]+)\``, 'g');

/** Every command of a page, as one line each: in blocks of code, and in the text with at least one argument. */
export function commandsOf(page: string): string[] {
  const text = readRepoFile(page).replace(/\\\n\s*/g, '');
  const inBlocks = blocksOf(text).filter((line) => COMMAND.test(line));
  const inText = [...text.replace(/```[\s\S]*?```/g, '').matchAll(INLINE)].map(([, command = '']) => command);
  return [...new Set([...inBlocks, ...inText])];
}

/** The row of a command. */
export function rowOf(page: (typeof COMMAND_PAGES)[number], command: string): CommandRow | undefined {
  return PAGE_COMMANDS[page].find((row) => row.command.test(command));
}

/** Lines of code: fenced as `sh`, or indented. */
function blocksOf(text: string): string[] {
  const fenced = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, code = '']) => code.split('\n'));
  const indented = text
    .replace(/```[\s\S]*?```/g, '')
    .split('\n')
    .filter((line) => /^ {4}/.test(line));
  return [...fenced, ...indented].map((line) => line.trim());
}
