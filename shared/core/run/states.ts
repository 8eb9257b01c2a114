/** Every state of a run: its rank (a run never goes back), whether it is the end, and what it means. */
export const RUN_STATES = {
  RECEIVED: { rank: 0, terminal: false, meaning: 'The manifest arrived; it and its data are being checked.' },
  WAITING: {
    rank: 1,
    terminal: false,
    meaning: 'The manifest is there, a data set that it names is not yet.',
  },
  VALIDATED: { rank: 2, terminal: false, meaning: 'Everything was checked; the job is about to be created.' },
  SUBMITTING: { rank: 3, terminal: false, meaning: 'The job is being created on Vertex AI.' },
  SUBMITTED: { rank: 4, terminal: false, meaning: 'Vertex AI has the job and has not begun it.' },
  RUNNING: { rank: 5, terminal: false, meaning: 'Vertex AI is working on the job.' },
  REJECTED: {
    rank: 9,
    terminal: true,
    meaning: 'The manifest or a data set has errors; nothing was submitted.',
  },
  SKIPPED: {
    rank: 9,
    terminal: true,
    meaning: 'There was nothing to start: the same bytes again, or a request to cancel.',
  },
  PLANNED: { rank: 9, terminal: true, meaning: 'A dry run: checked and planned, nothing was submitted.' },
  SUPERSEDED: {
    rank: 9,
    terminal: true,
    meaning: 'The manifest was replaced or deleted before it could be read.',
  },
  SUCCEEDED: { rank: 9, terminal: true, meaning: 'The model is tuned and ready.' },
  PARTIAL: { rank: 9, terminal: true, meaning: 'Vertex AI finished the job with part of its results.' },
  FAILED: { rank: 9, terminal: true, meaning: 'The job could not be created or did not succeed.' },
  CANCELLED: { rank: 9, terminal: true, meaning: 'The run was cancelled.' },
  EXPIRED: { rank: 9, terminal: true, meaning: 'Vertex AI ended the job because its time was up.' },
  LOST: { rank: 9, terminal: true, meaning: 'Vertex AI no longer knows the job.' },
  DEAD_LETTERED: {
    rank: 9,
    terminal: true,
    meaning: 'The run could not be processed in spite of many tries.',
  },
} as const;

export type RunState = keyof typeof RUN_STATES;

export function isTerminal(state: RunState): boolean {
  return RUN_STATES[state].terminal;
}

/** The same of a word that a document of any version may have; one that this version does not know is no end. */
export function isTerminalName(state: string): boolean {
  return Object.hasOwn(RUN_STATES, state) && isTerminal(state as RunState);
}
