import type { TunerEvent } from '../../local/small-model/tuner.ts';
import type { ThreadTraining, Tuner } from '../../local/vertex/training/tuner-threads.ts';

/** One tuning: what was asked, and all that the tuner told, in order. */
export interface Recording {
  job: ThreadTraining;
  events: TunerEvent[];
}

export interface RecordingTuner extends Tuner {
  /** What the tuner told of the pipeline job of this name. */
  recordingOf(jobName: string | undefined): Recording;
}

/** The tuner, with a witness of what it told before anybody else has seen it. */
export function recording(tuner: Tuner): RecordingTuner {
  const recordings = new Map<string, Recording>();
  return {
    ...tuner,
    async *tune(job, signal) {
      const recorded: Recording = { job, events: [] };
      recordings.set(idOf(job.seed), recorded);
      for await (const event of tuner.tune(job, signal)) {
        recorded.events.push(event);
        yield event;
      }
    },
    recordingOf(jobName = '') {
      const found = recordings.get(idOf(jobName));
      if (!found) throw new Error(`nothing was tuned for ${jobName}`);
      return found;
    },
  };
}

/** The last part: the project in front of it may be a number or an id. */
const idOf = (jobName: string) => jobName.split('/').at(-1) ?? '';
