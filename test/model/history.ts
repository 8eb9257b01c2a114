import type { Run } from '../../shared/core/run/run.ts';

/**
 * What happened to a deployment, as plain data: the model writes it down as it goes, and a harness over the real stack can
 * gather it from its logs. Times are RFC 3339 UTC; lists are in the order of what happened.
 */
export interface History {
  deployment: Deployment;
  drops: Drop[];
  documents: DocumentWrite[];
  /** Documents that a person deleted. */
  deletions: { runId: string; time: string }[];
  /** Documents in whose place a person put an older one; whether `status.json` said by then what the document had said. */
  restorations: { runId: string; time: string; isFileCurrent: boolean }[];
  jobs: JobMade[];
  cancels: { job: string; time: string; by: string }[];
  /** What looks for jobs that nobody follows were shown: only looks whose answer arrived. */
  looks: { time: string; jobs: string[] }[];
  /** What functions read and wrote in buckets. */
  objects: ObjectAccess[];
  /** Changes of state that were published, as often as they were. */
  published: { runId: string; state: string; time: string }[];
  /** What was planted to go wrong, and what then did. */
  faults: { planted: string; time: string }[];
  /** Writes that were refused because somebody else had claimed or changed the run, and how many jobs had been made by then. */
  fenced: { runId: string; by: string; jobsMade: number }[];
  /** When functions went on that had slept. */
  wakes: string[];
  /** From here on nothing went wrong any more. */
  calmTime: string;
  end: End;
}

interface Deployment {
  inboxBucket: string;
  resultsBucket: string;
  maximumWaitMs: number;
  /** Of each kind. */
  maxActiveJobs?: number | undefined;
  /** After how long the list of tuning jobs has a new one. */
  listLagMs: number;
}

/** A manifest that somebody uploaded. */
interface Drop {
  runId: string;
  /** What a person may expect of it: a job, nothing, or the end of the other runs of its path. */
  asks: 'job' | 'nothing' | 'cancel';
  uri: string;
  time: string;
  /** When it was replaced or deleted, if it was. */
  goneTime?: string | undefined;
  /** No event of it ever reached a function. */
  isEventLost?: boolean | undefined;
  /** An earlier upload of the same path had the same bytes. */
  isTwin?: boolean | undefined;
  /** A data set that it names was not there all the time. */
  isDataLate?: boolean | undefined;
}

export interface DocumentWrite {
  runId: string;
  time: string;
  by: string;
  run: Run;
}

/** A job, as the service had it; `endTime`: when it ended, if it did. */
export interface JobMade {
  name: string;
  /** By the label that it was made with. */
  runId: string;
  madeTime: string;
  by: string;
  /** The data that it was given, and a digest of what lay there. */
  data: { uri: string; digest: string | undefined };
  state: string;
  endTime?: string | undefined;
  deleteTime?: string | undefined;
  /** Somebody took its labels away. */
  isUnlabelled?: boolean | undefined;
}

interface ObjectAccess {
  time: string;
  by: string;
  verb: 'read' | 'write' | 'copy';
  bucket: string;
  name: string;
  /** Of what was written or copied. */
  digest?: string | undefined;
}

/** The world when everything had come to rest. */
interface End {
  time: string;
  runs: Record<string, Run>;
  /** The content of `status.json` by run. */
  files: Record<string, string | undefined>;
  /** What people or programs may read: documents, and ids of messages. The log is read by tests of its own. */
  texts: string[];
  /** Words of the uploaded data, none of which may be in them. */
  canary: string;
}

/** Who wrote the document that a person took from a backup. */
export const BACKUP = 'a backup';
