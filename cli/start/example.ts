import { basename } from 'node:path';
import { formatDuration, formatTime, millisecondsBetween } from '../../shared/core/report/text.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { Screen } from '../run/screen.ts';
import { EXAMPLE, inRepository } from './launch.ts';
import type { Stack } from './stack.ts';

/** Drops the example, where it has not been dropped before; then says what came of it. What goes on is told as any other run. */
export async function runExample(
  stack: Pick<Stack, 'drop' | 'newest' | 'manifestUri'>,
  { screen, pageUrl }: { screen: Screen; pageUrl: string },
): Promise<void> {
  const name = basename(EXAMPLE);
  const earlier = await stack.newest(stack.manifestUri(name));
  if (earlier === undefined) {
    screen.write(`Dropping ${inRepository(EXAMPLE)} into the inbox, once; --no-example starts without it.\n`);
    await stack.drop(EXAMPLE, name, 'manifest last');
  } else if (isTerminal(earlier.status.state)) {
    screen.write(earlierRun(earlier, pageUrl));
  }
}

/** A run that is over, in three lines. */
export function earlierRun({ runId, spec, status }: Run, pageUrl: string): string {
  const { state, message, createTime, endTime } = status;
  const took = millisecondsBetween(createTime, endTime);
  const after = took === undefined ? '' : `, after ${formatDuration(took)}`;
  return [
    `${spec.source.name} ran before, and is not dropped again.`,
    `  ${state}${endTime === undefined ? '' : ` at ${formatTime(endTime)}`}${after}: ${message}`,
    `  ${pageUrl}runs/${runId}`,
    '',
    '',
  ].join('\n');
}
