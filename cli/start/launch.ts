import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWhollyOver } from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Screen } from '../run/screen.ts';
import type { TrainerName } from './flags.ts';
import { createRunDisplay } from './run-display.ts';
import { type Stack, startStack } from './stack.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const EXAMPLE = join(ROOT, 'examples', 'medical-specialty');

export interface LaunchOptions {
  screen: Screen;
  dataDir: string;
  portBase: number | undefined;
  trainer: TrainerName;
  /** What the deployment sets, over the defaults for a laptop. */
  environment?: Record<string, string>;
}

/** Starts the whole product and says what of it is there. */
export async function launch({ screen, ...options }: LaunchOptions): Promise<Stack> {
  const from = performance.now();
  screen.write(
    'Starting an embedded Google Cloud on this machine; nothing leaves it, and no account is used.\n',
  );
  const onEmulator = (variable: string, address: string) =>
    screen.write(`Using ${variable}=${address} from your environment in place of the embedded service.\n`);
  const stack = await startStack({ ...options, onEmulator });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  const names = stack.functions.map(({ name }) => name).join(', ');
  screen.write(
    `Ready in ${seconds} s: Cloud Storage, Pub/Sub, Firestore, Scheduler, a stand-in for Vertex AI; functions ${names}.\n\n`,
  );
  return stack;
}

/** A folder of this repository by its path in it, any other by its own. */
export function inRepository(folder: string): string {
  return folder.startsWith(ROOT) ? folder.slice(ROOT.length) : folder;
}

/** Drops a folder into the inbox and shows its run until it has ended and its model was evaluated. */
export async function dropAndShow(stack: Stack, folder: string, screen: Screen): Promise<Run> {
  const name = basename(resolve(folder));
  screen.write(`Dropping ${inRepository(folder)} into the inbox.\n`);
  const from = new Date().toISOString();
  const uri = await stack.drop(folder, name, 'manifest last');
  const isNew = (run: Run) => run.status.createTime >= from;
  return stack.follow(uri, { isNew, isOver: isWhollyOver, onChange: createRunDisplay(stack, screen) });
}
