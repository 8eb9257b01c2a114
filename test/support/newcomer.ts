import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './condition.ts';
import { ROOT } from './repo-files.ts';

/** One command of somebody who is new, and what has to come of it. */
export interface Step {
  /** Why it is typed. */
  why: string;
  /** As it is typed; `npm start` is started and left running. */
  command: string;
  /** The exit status; what stays up has none. */
  code?: number;
  /** What its output has. */
  shows: readonly RegExp[];
}

const NOTES = 'mine/notes.csv';

/** What a person does with data of their own, from the start of the cloud to its end. */
export const STEPS: readonly Step[] = [
  {
    why: 'In one terminal: the cloud, without the example. It says where everything is, and stays up.',
    command: 'npm start -- --no-example',
    shows: [/^Inbox +\S+/m, /http:\/\/127\.0\.0\.1:\d+\//, /FIRESTORE_EMULATOR_HOST=/, /Ctrl-C/],
  },
  {
    why: `In another terminal: a manifest for the data, which is a spreadsheet saved as ${NOTES}, with the columns question and answer.`,
    command: `npx tunedrop init ${NOTES}`,
    code: 0,
    shows: [/question_answer/, /classification/, /"dataset_uri": "notes\.csv"/],
  },
  {
    why: 'What is wrong with it, and what will be done with it.',
    command: 'npx tunedrop check mine',
    code: 0,
    shows: [/dataset_converted/, /0 errors/, /cost +\d/],
  },
  {
    why: 'The job that would be created, as a command to paste. Nothing is uploaded.',
    command: 'npx tunedrop plan mine --as curl',
    code: 0,
    shows: [/curl/, /tuningJobs/],
  },
  {
    why: 'The same upload as with any other tool, with a look at it before and the run after it.',
    command: 'npx tunedrop drop mine',
    code: 0,
    shows: [/RECEIVED/, /VALIDATED/, /RUNNING/, /SUCCEEDED/, /models\/\d+@1/, /better\? +\S/],
  },
  {
    why: 'All runs, the newest first.',
    command: 'npx tunedrop list',
    code: 0,
    shows: [/1 run$/m, /SUCCEEDED .* mine\/tune\.json/],
  },
  {
    why: 'What was tuned so far, until when it lives, and how to call it.',
    command: 'npx tunedrop models --tuned',
    code: 0,
    shows: [/1 tuned model$/m, /mine +gemini-3\.1-flash-lite/],
  },
  {
    why: 'A question for the tuned model and its base.',
    command: 'npx tunedrop ask mine "Which specialty: painful right knee after a fall?"',
    code: 0,
    shows: [/[Tt]uned/, /[Bb]ase/],
  },
  {
    why: 'What the deployment lacks.',
    command: 'npx tunedrop doctor',
    code: 0,
    shows: [/APIs?/i],
  },
  {
    why: 'All of the run, by its path in the inbox or the beginning of its id: whether it is better, too. With --json it is the document.',
    command: 'npx tunedrop status mine/tune.json',
    code: 0,
    shows: [/SUCCEEDED/, /gemini-3\.1-flash-lite/, /^Better\? +\S/m],
  },
];

export interface Shown {
  step: Step;
  code: number | null | undefined;
  output: string;
}

/** Types the steps in a folder with data, in the surroundings that are given; tells what each has shown. */
export async function walk(
  folder: string,
  { environment, portBase }: { environment: Record<string, string>; portBase: number },
): Promise<Shown[]> {
  const env = { ...process.env, ...environment };
  const shown: Shown[] = [];
  let cloud: ChildProcess | undefined;
  try {
    for (const step of STEPS) {
      const words = wordsOf(step.command);
      if (words[0] === 'start') {
        const options = ['--data-dir', join(folder, 'data'), '--port-base', String(portBase)];
        const started = run(folder, env, [...words, ...options]);
        cloud = started.child;
        await until('the cloud is up', () => started.output().includes('Ctrl-C'));
        shown.push({ step, code: undefined, output: started.output() });
      } else {
        const { child, output } = run(folder, env, words);
        const [code] = await once(child, 'close');
        shown.push({ step, code, output: output() });
      }
    }
    return shown;
  } finally {
    if (cloud) {
      cloud.kill('SIGINT');
      await once(cloud, 'exit');
    }
  }
}

/** What follows `npx tunedrop`; `npm start -- …` is `tunedrop start …`. */
function wordsOf(command: string): string[] {
  const words = [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  return words[0] === 'npm' ? ['start', ...words.slice(3)] : words.slice(2);
}

function run(folder: string, env: NodeJS.ProcessEnv, words: string[]) {
  const child = spawn(process.execPath, [join(ROOT, 'cli/tunedrop.mjs'), ...words], {
    ...{ cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return { child, output: () => output };
}

/** Rows of a real data set, as somebody has them in a spreadsheet. */
export function writeNotes(folder: string, rows: number): void {
  mkdirSync(join(folder, 'mine'), { recursive: true });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = readFileSync(join(ROOT, 'examples/medical-specialty/train.jsonl'), 'utf8').trim().split('\n');
  const cells = lines.slice(0, rows).map((line) => {
    const { input_text: question, output_text: answer } = JSON.parse(line);
    return `${quoted(question)},${quoted(answer)}`;
  });
  writeFileSync(join(folder, NOTES), `question,answer\n${cells.join('\n')}\n`);
}
