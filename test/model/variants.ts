import { runIdOf } from '../../shared/core/run/ids.ts';
import type { RunEvent, RunEventType } from '../../shared/core/run/transitions.ts';
import { TRANSITIONS, transition } from '../../shared/core/run/transitions.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { RunStore } from '../../shared/ports.ts';
import { CAUGHT_BY_TESTS } from './caught-by-tests.ts';
import type { Service } from './files.ts';
import type { Tape } from './run-tape.ts';
import type { Variant } from './variant.ts';

/**
 * The protocol, broken on purpose in one place at a time: each has to be caught, by the model or by a named test. One that is not
 * says why nothing is lost.
 */
export interface VariantRow {
  /** What is broken, as a sentence. */
  name: string;
  caughtBy:
    | {
        model: Variant;
        service: Service;
        within: number;
        fixed?: Partial<Tape>;
        beginning?: readonly string[];
      }
    | { file: string; test: string }
    /** It breaks nothing: why not. */
    | { nothing: string; model: Variant; service: Service; within: number };
}

type Wrapped = (record: RecordEvent) => RecordEvent;

const recording = (wrap: Wrapped): Variant => ({ flows: ({ record }) => ({ record: wrap(record) }) });

/** The same events, some of them without a condition under which they are written. */
const without = (condition: 'epoch' | 'revision', types: readonly RunEventType[]) =>
  recording((record) => (run, event, options) => {
    const isBroken = types.includes(event.type);
    return record(run, event, isBroken ? { ...options, [condition]: undefined } : options);
  });

const changing = (change: (event: RunEvent) => RunEvent) =>
  recording((record) => (run, event, options) => record(run, change(event), options));

const OF_SUBMIT = ['Submitting', 'Submitted', 'SubmitDeferred', 'SubmitFailed', 'Queued'] as const;
const OF_VALIDATE = ['Validated', 'Rejected', 'Planned', 'Superseded', 'DatasetMissing', 'Skipped'] as const;

const store = (wrap: (runs: RunStore) => Partial<RunStore>): Variant => ({
  services: ({ runs }) => ({ runs: Object.assign(runs, wrap({ ...runs })) }),
});

/** Any event changes any state: the last writer wins. */
const lastWriterWins: Variant = {
  services: ({ runs }) => ({
    runs: Object.assign(runs, {
      async apply(runId: string, event: RunEvent, now: string) {
        const run = runs.documents.get(runId);
        const state = TRANSITIONS[event.type].from[0];
        if (!run) throw new Error(`there is no run ${runId}`);
        const result = transition({ ...run, status: { ...run.status, state } }, event, now);
        if (result.outcome === 'changed') runs.documents.set(runId, result.run);
        return result;
      },
    } satisfies Partial<RunStore>),
  }),
};

const never = async () => {};

export const VARIANTS: readonly VariantRow[] = [
  {
    name: 'the store does not compare the epoch',
    caughtBy: {
      model: store(({ apply }) => ({
        apply: (runId, event, now, options) => apply(runId, event, now, { ...options, epoch: undefined }),
      })),
      ...{ service: 'tuningJobs', within: 3_000 },
    },
  },
  {
    name: 'submit names no epoch',
    caughtBy: { model: without('epoch', OF_SUBMIT), service: 'tuningJobs', within: 3_000 },
  },
  {
    name: 'validate names no epoch',
    caughtBy: { model: without('epoch', OF_VALIDATE), service: 'tuningJobs', within: 3_000 },
  },
  {
    name: 'a fenced submit goes on',
    caughtBy: {
      model: recording((record) => async (run, event, options) => {
        const result = await record(run, event, options);
        if (result.outcome !== 'fenced' || event.type !== 'Submitting') return result;
        return { outcome: 'changed', run: { ...run, status: { ...run.status, state: 'SUBMITTING' } } };
      }),
      ...{
        service: 'tuningJobs',
        within: 3_000,
        fixed: { lagSeconds: 290 },
        beginning: [
          'drop a',
          'deliver first',
          'next runs.apply sleeps after 0',
          'deliver first',
          'lease',
          'deliver first',
          'wake',
        ],
      },
    },
  },
  {
    name: 'the last writer wins, whatever the state',
    caughtBy: { model: lastWriterWins, service: 'pipelineJobs', within: 500 },
  },
  {
    name: 'nobody looks whether a cancelled run has a job after all',
    caughtBy: {
      model: changing((event) => (event.type === 'Cancelled' ? { ...event, next: null } : event)),
      ...{ service: 'pipelineJobs', within: 5_000 },
    },
  },
  {
    name: 'a cancel goes over a change that it has not seen',
    caughtBy: {
      model: without('revision', ['CancelRequested', 'Cancelled']),
      ...{
        service: 'pipelineJobs',
        within: 5_000,
        beginning: [
          'drop a',
          'next runs.apply sleeps after 0',
          'deliver first',
          'cancel a',
          'next runs.apply sleeps after 0',
          'deliver last',
          'wake',
          'wake',
        ],
      },
    },
  },
  {
    name: 'asking again goes over a change that it has not seen',
    caughtBy: {
      model: without('revision', ['AskedAgain']),
      service: 'tuningJobs',
      within: 1_000,
      beginning: [
        'drop a',
        'deliver first',
        'minute',
        'next runs.listDue sleepsAfter after 0',
        'poll',
        'next backend.create lost after 0',
        'deliver first',
        'wake',
        'next any sleeps after 2',
      ],
    },
  },
  {
    name: 'nobody looks for jobs that no run follows',
    caughtBy: {
      model: { ports: ({ backend }) => ({ backend: { ...backend, unfinished: async () => [] } }) },
      ...{ service: 'tuningJobs', within: 5_000 },
    },
  },
  {
    name: 'a job that no run wants is named and not stopped',
    caughtBy: {
      model: { ports: ({ backend }) => ({ backend: { ...backend, cancel: never } }) },
      ...{ service: 'tuningJobs', within: 3_000 },
    },
  },
  {
    name: 'the id of a pipeline job is left to chance',
    caughtBy: {
      model: {
        ports: ({ backend, clock }, { name }) => ({
          backend: {
            ...backend,
            create: (plan, attempt) =>
              backend.create(
                plan,
                attempt + (clock.now().getTime() % 9_973) * 100 + Number(name.split(' ')[1]),
              ),
          },
        }),
      },
      ...{ service: 'pipelineJobs', within: 500 },
    },
  },
  {
    name: 'a run is known by its event, not by its upload',
    caughtBy: {
      model: store(({ open }) => ({
        open: (run, request) =>
          open({ ...run, runId: runIdOf({ ...run.spec.source, generation: request.owner }) }, request),
      })),
      ...{ service: 'pipelineJobs', within: 200 },
    },
  },
  {
    name: 'data is not copied: the job trains on the upload',
    caughtBy: {
      model: { ports: ({ objects }) => ({ objects: { ...objects, copy: (from) => objects.stat(from) } }) },
      ...{ service: 'pipelineJobs', within: 200 },
    },
  },
  {
    name: 'poll sends no request again',
    caughtBy: {
      model: {
        ports: ({ publisher }, { name }) => ({
          publisher: name.startsWith('poll') ? { publish: never } : publisher,
        }),
      },
      ...{ service: 'tuningJobs', within: 500, beginning: ['drop a', 'deliver first', 'lose first'] },
    },
  },
  {
    name: 'a tuning job whose answer was lost is not looked for',
    caughtBy: {
      model: {
        ports: ({ backend }) => ({
          backend: { ...backend, findAll: async () => [], find: async () => undefined },
        }),
      },
      ...{ service: 'tuningJobs', within: 1_000 },
    },
  },
  {
    name: 'a tuning job whose answer was lost is looked for at once',
    caughtBy: {
      model: changing((event) => ({
        ...event,
        ...(event.reason === 'LookingForJob' && event.next
          ? { reason: 'Again', next: { ...event.next, at: '2026-01-01T00:00:00.000Z' } }
          : undefined),
      })),
      ...{ service: 'tuningJobs', within: 3_000 },
    },
  },
  {
    name: 'status.json of a later revision is overwritten',
    caughtBy: {
      model: {
        ports: ({ objects }) => ({
          objects: {
            ...objects,
            async stat(object) {
              const info = await objects.stat(object);
              return info && object.name.endsWith('status.json') ? { ...info, metadata: {} } : info;
            },
          },
        }),
      },
      ...{ service: 'pipelineJobs', within: 5_000 },
    },
  },
  {
    name: 'a file does not say of which document of its run it is',
    caughtBy: {
      model: {
        ports: ({ objects }) => ({
          objects: {
            ...objects,
            async stat(object) {
              const info = await objects.stat(object);
              if (!info) return info;
              const { createTime: _dropped, ...metadata } = info.metadata;
              return { ...info, metadata };
            },
          },
        }),
      },
      ...{
        service: 'tuningJobs',
        within: 1_000,
        fixed: { lagSeconds: 0, isLateWake: true },
        beginning: [
          'drop a invalid',
          'next objects.read sleeps after 0',
          'deliver first',
          'next objects.read sleeps after 0',
          'deliver first',
          'document of a is deleted',
        ],
      },
    },
  },
  {
    name: 'files are written over whatever is there',
    caughtBy: {
      model: {
        ports: ({ objects }) => ({
          objects: {
            ...objects,
            write: (object, { ifGenerationMatch: _dropped, ...content }) => objects.write(object, content),
          },
        }),
      },
      ...{
        service: 'pipelineJobs',
        within: 5_000,
        beginning: [
          'drop a',
          'deliver first',
          'next objects.write sleeps after 0',
          'deliver first',
          'job is cancelled by hand',
          'poll',
          'wake',
        ],
      },
    },
  },
  {
    name: 'a change that could not be published is forgotten',
    caughtBy: {
      model: {
        ports: ({ changePublisher }) => ({
          changePublisher: { publish: (change) => changePublisher.publish(change).catch(() => {}) },
        }),
      },
      ...{
        service: 'pipelineJobs',
        within: 1_000,
        beginning: ['drop a invalid', 'next changes refused after 1', 'deliver first'],
      },
    },
  },
  {
    name: 'nobody looks through the inbox',
    caughtBy: {
      model: { ports: ({ objects }) => ({ objects: { ...objects, list: async () => ({ objects: [] }) } }) },
      ...{ service: 'pipelineJobs', within: 500 },
    },
  },
  {
    name: 'runs leave the queue without counting the jobs that live',
    caughtBy: {
      model: { ports: ({ queues }) => ({ queues: { ...queues, active: async () => [] } }) },
      ...{ service: 'pipelineJobs', within: 1_000, fixed: { maxActiveJobs: 1 } },
    },
  },
  ...CAUGHT_BY_TESTS.map(({ name, ...caughtBy }) => ({ name, caughtBy })),
  {
    name: 'an end file that could not be written is not tried again',
    caughtBy: {
      model: {
        ports: ({ objects }) => ({
          objects: {
            ...objects,
            write: (object, content) => objects.write(object, content).catch(() => true),
          },
        }),
      },
      ...{
        service: 'pipelineJobs',
        within: 5_000,
        beginning: [
          'drop a invalid',
          'next objects.write refused after 2',
          'next runs.apply diesAfter after 0',
          'deliver first',
        ],
      },
    },
  },
  {
    name: 'a claim ends at once',
    caughtBy: {
      nothing:
        'A lease saves double work and no more: ids, epochs and the look for a job make a second worker harmless. The model keeps every promise without it.',
      model: store(({ claim }) => ({
        claim: (runId, request) => claim(runId, { ...request, owner: 'everybody' }),
      })),
      ...{ service: 'pipelineJobs', within: 200 },
    },
  },
];
