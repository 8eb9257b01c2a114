import type { JobObservation, JobStage } from '../tuning/job.ts';
import { NO_STEP_HOURS, type NoStep } from '../tuning/no-step.ts';
import type { Run } from './run.ts';

/** What a document says of a job that lives. */
export interface Words {
  reason: string;
  message: string;
  remedy?: string | undefined;
}

/** `unread`: nobody looked, or nothing could be seen, so what was said before of steps holds. */
export type SeenSteps = NoStep | 'unread' | undefined;

const NO_STEP = 'JobMakesNoStep';

/** What a running job is at, and whether it goes on. A job that does not say it is being worked on. */
export function wordsOfRunning(
  { status }: Run,
  { stage = 'TUNING' }: JobObservation,
  noStep: SeenSteps,
): Words {
  if (noStep === 'unread') {
    const { reason, message, remedy } = status;
    return stage === 'TUNING' && reason === NO_STEP ? { reason, message, remedy } : WORDS_OF_STAGE[stage];
  }
  return noStep ? wordsOfNoStep(noStep) : WORDS_OF_STAGE[stage];
}

const WORDS_OF_STAGE: Record<JobStage, Words> = {
  WAITING_FOR_QUOTA: {
    reason: 'JobWaitsForQuota',
    message:
      'Vertex AI has the job and waits for quota: only so many tuning jobs of a project run at once. It begins by itself.',
  },
  WAITING_FOR_CAPACITY: {
    reason: 'JobWaitsForCapacity',
    message: 'Vertex AI has the job and waits for machines in its region. It begins by itself.',
  },
  PROCESSING_DATASET: {
    reason: 'JobProcessesDataset',
    message: 'Vertex AI reads the data set; the training has not begun.',
  },
  TUNING: {
    reason: 'JobRunning',
    message: 'Vertex AI is working on the job. The run looks again at every poll.',
  },
  POST_PROCESSING: {
    reason: 'JobPostProcesses',
    message: 'The training is done; Vertex AI uploads and deploys the model.',
  },
};

function wordsOfNoStep({ since, counted }: NoStep): Words {
  const what =
    counted === 'steps'
      ? `made no step since ${since}, for more than ${NO_STEP_HOURS} hours.`
      : `completed no pass over the data since ${since}, for more than ${NO_STEP_HOURS} hours. Vertex AI says nothing of its steps, and a pass over much data can take so long.`;
  return {
    reason: NO_STEP,
    message: `Vertex AI says that the job runs, but it has ${what} The run goes on being followed.`,
    remedy:
      'Wait, or cancel: upload the manifest with "cancel": true, and without it to try once more. Nothing is cancelled by itself.',
  };
}

const TUNING_TIME_OVER = 'TuningTimeOver';

/** Somebody asked for the end of a job that still lives. */
export function wordsOfCancel({ limit }: NonNullable<Run['status']['cancelRequested']>): Words {
  if (!limit) {
    return {
      reason: 'CancelRequested',
      message:
        'Asked to cancel; the run ends as soon as Vertex AI lets go of the job, which may still succeed first.',
    };
  }
  return {
    reason: TUNING_TIME_OVER,
    message: `${tuningTimeOf(limit)} It is being cancelled, and may still succeed first.`,
  };
}

/** The job was cancelled, by whom it may be. */
export function wordsOfCancelled({ status: { cancelRequested } }: Run): Words {
  if (!cancelRequested) {
    return { reason: 'JobCancelled', message: 'The job was cancelled on Vertex AI, not by a manifest.' };
  }
  const { limit } = cancelRequested;
  if (!limit) {
    return { reason: 'JobCancelled', message: 'Vertex AI cancelled the job, as the manifest asked.' };
  }
  return {
    reason: TUNING_TIME_OVER,
    message: `${tuningTimeOf(limit)} It was cancelled.`,
    remedy:
      'Upload the manifest again with fewer epochs or steps, or fewer examples; or have MAX_TUNING_HOURS of the deployment raised first.',
  };
}

function tuningTimeOf({ hours, since }: { hours: number; since: string }): string {
  return `The job was tuning since ${since}, and this deployment allows ${hours} ${hours === 1 ? 'hour' : 'hours'} (MAX_TUNING_HOURS).`;
}
