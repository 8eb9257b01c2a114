/** What the stages of a tuning job work with, and what they hand back. */
import type { Clock } from '../../clock.ts';
import type { ObjectWriter } from '../storage/object-writer.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { VertexStore } from '../store/store.ts';
import type { TuningJobRecord } from '../store/tuning-job.ts';
import type { Trainer } from '../training/trainer.ts';
import type { Moment } from './job-life.ts';

export interface StageOptions {
  store: VertexStore;
  clock: Clock;
  projectNumber: string;
  readObject: ObjectReader;
  /** Where files of open models go; without it they are not written. */
  writeObject?: ObjectWriter | undefined;
  trainer: Trainer;
  /** How long each stage takes at least. */
  stageMs: number;
  log: (line: string) => void;
}

export interface StageContext extends StageOptions {
  job: TuningJobRecord;
  signal: AbortSignal;
  /** Shows this of the job while the stage is at work. */
  report(change: Partial<TuningJobRecord>): void;
}

/** What a stage did: writes what it made, and gives the job as it is then. */
export type StageResult = (job: TuningJobRecord, moment: Moment) => TuningJobRecord;
