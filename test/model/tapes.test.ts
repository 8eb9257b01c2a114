import { expect, test } from 'vitest';
import { violationsOf } from './checker.ts';
import { runTape, type Tape } from './run-tape.ts';

/** Interleavings that once broke a promise, as the model found them, each in its shortest form. */
const TAPES: readonly ({ name: string } & Tape)[] = [
  {
    name: 'the file of an end whose writer died does not stay the end of somebody who came too late',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'cancel a',
      'next runs.listActiveOf sleepsAfter after 0',
      'deliver all',
      'next runs.notePublished diesAfter after 0',
      'drop a again',
      'deliver all',
    ],
  },
  {
    name: 'the same where the writer died as soon as the document had its end',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'cancel a',
      'next runs.listActiveOf sleepsAfter after 0',
      'deliver all',
      'next runs.apply diesAfter after 0',
      'drop a again',
      'deliver all',
    ],
  },
  {
    name: 'a document that somebody put back does not end as a slow function saw it while its file is later',
    ...{ service: 'pipelineJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'next objects.read sleeps after 0',
      'deliver first',
      'lease',
      'deliver first',
      'drop a',
      'document of a is restored from the first backup',
    ],
  },
  {
    name: 'a job that a slow function noted in a document that was put back stays the job of the run',
    ...{ service: 'tuningJobs', lagSeconds: 700, tuningSeconds: 21_600, isLateWake: false },
    steps: [
      'drop a',
      'next backend.create sleeps after 0',
      'deliver first',
      'deliver first',
      'lease',
      'deliver first',
      'document of a is restored',
    ],
  },
  {
    name: 'changes that only a document had which somebody put back twice are not counted as published',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'next backend.create sleeps after 0',
      'deliver first',
      'deliver first',
      'lease',
      'document of a is restored from the first backup',
      'poll',
      'document of a is restored',
    ],
  },
  {
    name: 'a job that was made by a function which died is not left alone when the next try is refused for good',
    ...{ service: 'pipelineJobs', lagSeconds: 0, tuningSeconds: 10_800, isLateWake: false },
    steps: [
      'drop a',
      'next backend.create diesAfter after 0',
      'deliver first',
      'deliver first',
      'next backend.create invalid after 0',
      'deliver first',
    ],
  },
  {
    name: 'a slow function that adopts the first job of a run finds it ended, and its run with another',
    ...{ service: 'pipelineJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: true },
    steps: [
      'drop a',
      'next backend.create sleeps after 0',
      'deliver first',
      'deliver first',
      'lease',
      'next any sleepsAfter after 2',
      'deliver first',
      'job fails for now',
    ],
  },
  {
    name: 'a request to cancel whose end was written and whose answer was lost ends once',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: ['drop b', 'deliver all', 'next runs.apply lost after 0', 'cancel b', 'deliver all'],
  },
  {
    name: 'a fault that is not the run’s does not make forgotten that somebody may have made its job',
    ...{ service: 'tuningJobs', lagSeconds: 290, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'next backend.create diesAfter after 0',
      'deliver first',
      'deliver first',
      'next objects.stat denied after 0',
      'deliver first',
    ],
  },
  {
    name: 'an end that was made of a run that changed meanwhile is made anew of it as it is then',
    ...{ service: 'pipelineJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'next objects.read sleeps after 0',
      'deliver first',
      'lease',
      'next runs.notePublished diesAfter after 1',
      'poll',
      'drop a',
      'wake',
    ],
  },
  {
    name: 'an end that no document ever said, as that was deleted, is not what its run is restored as',
    ...{ service: 'tuningJobs', lagSeconds: 290, tuningSeconds: 10_800, isLateWake: true },
    steps: [
      'drop a',
      'next backend.create sleeps after 0',
      'deliver first',
      'deliver first',
      'lease',
      'hour',
      'next runs.listActiveOf refused after 0',
      'document of a is deleted',
    ],
  },
  {
    name: 'an upload whose check slept until its bytes, uploaded again, had their job starts none',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: true },
    steps: ['drop a', 'next any sleeps after 3', 'deliver first', 'drop a again', 'poll'],
  },
  {
    name: 'a job that a slow function made after the end of its run is stopped, though its first try to name it is refused',
    ...{ service: 'pipelineJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'next backend.create sleeps after 0',
      'deliver first',
      'deliver first',
      'lease',
      'next backend.create invalid after 0',
      'deliver first',
      'next runs.apply refused after 0',
      'wake',
    ],
  },
  {
    name: 'a job that a slow function made after the end of its run, and died, is stopped when its message comes again',
    ...{ service: 'pipelineJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: false },
    steps: [
      'drop a',
      'next backend.create sleeps after 0',
      'deliver first',
      'deliver first',
      'lease',
      'next backend.create invalid after 0',
      'deliver under new id',
      'next runs.apply diesAfter after 0',
      'wake',
    ],
  },
  {
    name: 'a slow function that held a document which was deleted puts no end over the file of the one that was made anew',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: true },
    steps: [
      'drop a',
      'cancel a',
      'next runs.listActiveOf sleepsAfter after 0',
      'deliver all',
      'next any sleepsAfter after 4',
      'deliver first',
      'document of a is deleted',
    ],
  },
  {
    name: 'a cancel that slept does not end what was uploaded after it',
    ...{ service: 'tuningJobs', lagSeconds: 0, tuningSeconds: 1_200, isLateWake: true },
    steps: [
      'drop a',
      'cancel a',
      'next any sleepsAfter after 4',
      'deliver all',
      'minute',
      'drop a without data',
    ],
  },
];

test.each(TAPES)('$name', async ({ name: _name, ...tape }) => {
  expect(violationsOf(await runTape(tape))).toEqual([]);
});
