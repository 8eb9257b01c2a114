import { printable } from '../../shared/core/json/printable.ts';
import type { HistoryEntry, Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';

/** One fact of a run for the command of `watch --exec`: the name of its variable, and what it is. */
interface RunFact {
  meaning: string;
  of: (run: Run, change: HistoryEntry) => string | undefined;
}

/** What the environment of the command has: facts go there and never into the text of the command, which a shell reads. */
export const RUN_FACTS: Readonly<Record<string, RunFact>> = {
  TUNEDROP_RUN_ID: { meaning: 'the id of the run', of: ({ runId }) => runId },
  TUNEDROP_STATE: { meaning: 'the state that it entered', of: (_run, { to }) => to },
  TUNEDROP_PREVIOUS_STATE: { meaning: 'the state before; empty for the first', of: (_run, { from }) => from },
  TUNEDROP_ENDED: {
    meaning: '`true` where it has ended, else `false`',
    of: (_run, { to }) => String(isTerminal(to)),
  },
  TUNEDROP_REASON: { meaning: 'why, one word for programs', of: (_run, { reason }) => reason },
  TUNEDROP_MESSAGE: { meaning: 'the same for people', of: (_run, { message }) => message },
  TUNEDROP_REMEDY: {
    meaning: 'what is to be done; empty where nothing is',
    of: ({ status }) => status.remedy,
  },
  TUNEDROP_TIME: { meaning: 'when, RFC 3339 in UTC', of: (_run, { time }) => time },
  TUNEDROP_MANIFEST: { meaning: '`gs://` URI of the manifest', of: ({ spec }) => spec.source.uri },
  TUNEDROP_BASE_MODEL: {
    meaning: 'the base model',
    of: ({ spec }) => spec.plan?.baseModel ?? spec.manifest?.base_model,
  },
  TUNEDROP_MODEL: { meaning: 'resource name of the tuned model', of: ({ status }) => status.model },
  TUNEDROP_ENDPOINT: { meaning: 'resource name of its endpoint', of: ({ status }) => status.endpoint },
  TUNEDROP_REPORT: { meaning: '`gs://` URI of the report', of: ({ status }) => status.report },
  TUNEDROP_ERRORS: {
    meaning: 'how many errors the manifest and the data have',
    of: ({ status }) => String(status.issueCount?.error ?? 0),
  },
};

/** A variable takes no more than 128 KiB on Linux; nobody reads that much. */
const MOST_CHARACTERS = 4_000;

/** The variables of one change of state. */
export function variablesOf(run: Run, change: HistoryEntry): Record<string, string> {
  return Object.fromEntries(
    Object.entries(RUN_FACTS).map(([name, { of }]) => [
      name,
      printable((of(run, change) ?? '').slice(0, MOST_CHARACTERS)),
    ]),
  );
}
