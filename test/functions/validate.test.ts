import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import { pipelinePlan } from '../support/plans.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

describe('a manifest and its data', () => {
  test('are checked, copied to where no uploader writes, planned, and handed to submit', async () => {
    const world = createWorld();
    const data = world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest({ train_steps: 60 })));

    const run = world.theRun();
    expect(run.status).toMatchObject({ state: 'VALIDATED', reason: 'ChecksPassed' });
    expect(run.spec.datasets?.dataset_uri).toMatchObject({
      uri: 'gs://inbox/reviews/train.jsonl',
      generation: data.generation,
      stagedUri: `gs://results/staging/${run.runId}/train.jsonl`,
    });
    expect(run.spec.plan).toMatchObject({
      baseModel: 'text-bison@002',
      modelDisplayName: 'reviews',
      training: { steps: 60, batchSize: 8, examples: 120, epochs: 4 },
      regions: { pipelineJob: 'us-central1', modelUpload: 'us-central1', training: 'us-central1' },
    });
    expect(pipelinePlan(run.spec.plan).parameters.dataset_uri).toBe(
      run.spec.datasets?.dataset_uri?.stagedUri,
    );
    expect(run.status.datasets?.dataset_uri?.examples).toBe(120);
    expect(world.published).toEqual([{ topic: 'submit-requests', runId: run.runId }]);
  });

  test('are told in status.json as in the document', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const { work: _work, ...shown } = world.theRun();
    expect(world.statusFile(world.theRun())).toEqual(shown);
  });

  test('leave a report to look at when the run ends, and the document says where', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(5));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const { folder, report } = world.theRun().status;
    expect(report).toBe(`${folder}report.html`);
    const html = world.objects.text({ bucket: 'results', name: report?.slice('gs://results/'.length) ?? '' });
    expect(html).toMatch(/^<!doctype html>[\s\S]*REJECTED[\s\S]*5 examples/i);
  });

  test('give one run however often the event arrives', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    const manifest = world.upload('reviews/tune.json', aManifest());
    await Promise.all([world.finalized(manifest), world.finalized(manifest), world.finalized(manifest)]);
    await world.finalized(manifest);
    expect(world.theRun().status.state).toBe('VALIDATED');
    expect(world.published).toHaveLength(1);
  });

  test('a manifest that is edited is another run', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest({ train_steps: 60 })));
    await world.finalized(world.upload('reviews/tune.json', aManifest({ train_steps: 61 })));
    expect([...world.runs.documents.values()].map(({ status }) => status.state)).toEqual([
      'VALIDATED',
      'VALIDATED',
    ]);
  });
});

describe('the order of arrival does not matter', () => {
  test('a manifest waits, visibly, for a data set that is not there, and goes on when it arrives', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    expect(world.theRun().status).toMatchObject({ state: 'WAITING', reason: 'DatasetMissing' });
    expect(world.theRun().work).toMatchObject({
      waitingFor: ['gs://inbox/reviews/train.jsonl'],
      nextAction: 'validate',
    });
    await world.finalized(world.upload('reviews/train.jsonl', examples(120)));
    expect(world.theRun().status.state).toBe('VALIDATED');
  });

  test('when the event of the data set is lost, the next look finds it', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    world.upload('reviews/train.jsonl', examples(120));
    world.pass(60);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('a data set that never comes is reported as an issue when the time to wait is over', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    for (let minute = 0; minute < 30 && world.theRun().status.state === 'WAITING'; minute++) {
      world.pass(60);
      await world.poll();
      await world.deliver();
    }
    expect(world.theRun().status).toMatchObject({ state: 'REJECTED', issueCount: { error: 1 } });
    expect(world.theRun().status.issues?.[0]).toMatchObject({ code: 'dataset_not_found', severity: 'error' });
  });

  test('a file that is replaced while the run waits for another is taken as it is in the end', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(
      world.upload('reviews/tune.json', aManifest({ evaluation_data_uri: 'eval.jsonl' })),
    );
    expect(world.theRun().status.state).toBe('WAITING');
    world.upload('reviews/train.jsonl', examples(130));
    await world.finalized(world.upload('reviews/eval.jsonl', examples(20, 'eval')));
    expect(world.theRun().status.state).toBe('VALIDATED');
    expect(world.theRun().status.datasets?.dataset_uri?.examples).toBe(130);
    const staged = pipelinePlan(world.theRun().spec.plan).parameters.dataset_uri;
    expect(
      world.objects.text({ bucket: 'results', name: String(staged).slice('gs://results/'.length) }),
    ).toBe(examples(130));
  });

  test('a data set that nobody waits for starts nothing', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/train.jsonl', examples(120)));
    expect(world.runs.documents.size).toBe(0);
  });
});

test.each([
  'photo.png',
  'reviews/notes.txt',
  'tune.json.bak',
  'reviews/mytune.json',
  'tune.json/',
  'TUNE.JSON',
])('%s is ignored by its name, before anything is read', async (name) => {
  const world = createWorld();
  await world.finalized(world.upload(name, 'anything'));
  expect(world.objects.reads.filter((read) => !read.startsWith('stat '))).toEqual([]);
  expect(world.runs.documents.size).toBe(0);
});

describe('Cloud Storage that does not answer as it should', () => {
  const failing = async (kind: 'environment' | 'ambiguous') => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    const { copy } = world.objects;
    const error = new TuneError(kind, 'storage.objects.get denied to validate@', { reason: 'StorageDenied' });
    world.objects.copy = () => Promise.reject(error);
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    return { world, repair: () => Object.assign(world.objects, { copy }) };
  };

  test('a refusal ends the run with its words', async () => {
    const { world } = await failing('environment');
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', reason: 'StorageDenied', remedy: /./ });
    expect(world.theRun().status.message).toContain('storage.objects.get denied');
  });

  test('a fault that passes is waited out, with its words and the next time in the document', async () => {
    const { world, repair } = await failing('ambiguous');
    const { status, work } = world.theRun();
    expect(status.state).toBe('RECEIVED');
    expect(status.message).toContain(work.nextActionAt);
    repair();
    world.pass(60);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });
});

test.each(['tab\there', '../evil', 'a/../b', 'x/./y', 'line\nbreak'])(
  'a manifest in a folder called %j ends like any other',
  async (folder) => {
    const world = createWorld();
    world.upload(`${folder}/train.jsonl`, examples(120));
    await world.finalized(world.upload(`${folder}/tune.json`, aManifest()));
    const run = world.theRun();
    expect(['VALIDATED', 'REJECTED']).toContain(run.status.state);
    expect(run.status.folder).toBe(`gs://results/runs/${run.runId}/`);
    expect(world.statusFile(run).status.state).toBe(run.status.state);
  },
);

test('a status file that can never be written does not keep the run from going on', async () => {
  const world = createWorld();
  const { write } = world.objects;
  world.objects.write = (object, content) =>
    object.name.endsWith('status.json')
      ? Promise.reject(new TuneError('environment', 'denied', { reason: 'StorageDenied' }))
      : write(object, content);
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  await world.deliver();
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test('a data set that arrives between the look and the note is not missed', async () => {
  const world = createWorld();
  const { apply } = world.runs;
  world.runs.apply = async (runId, event, ...rest) => {
    if (event.type === 'DatasetMissing') world.upload('reviews/train.jsonl', examples(120));
    return apply(runId, event, ...rest);
  };
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  await world.deliver();
  expect(world.theRun().status.state).toBe('SUBMITTED');
});

test.each([
  ['error', 'REJECTED'],
  ['warning', 'VALIDATED'],
])(
  'an example with more tokens than the model takes is an %s where the manifest says so',
  async (token_overflow, state) => {
    const world = createWorld();
    const long = JSON.stringify({ input_text: 'one two three four '.repeat(20_000), output_text: 'long' });
    world.upload('reviews/train.jsonl', `${examples(120)}\n${long}`);
    await world.finalized(world.upload('reviews/tune.json', aManifest({ token_overflow })));
    expect(world.theRun().status.state).toBe(state);
    expect(world.theRun().status.issues?.find(({ line }) => line === 121)?.severity).toBe(token_overflow);
  },
);

describe('a manifest that is gone when it is read', () => {
  const opened = async (world: World, then: (manifest: ObjectInfo) => void) => {
    const manifest = world.upload('reviews/tune.json', aManifest());
    const { open } = world.runs;
    world.runs.open = async (...call) => {
      then(manifest);
      return open(...call);
    };
    await world.finalized(manifest);
  };

  test('replaced: the run says by which generation', async () => {
    const world = createWorld();
    let live: ObjectInfo | undefined;
    await opened(world, () => {
      live = world.upload('reviews/tune.json', aManifest({ train_steps: 9 }));
    });
    expect(world.theRun().status).toMatchObject({ state: 'SUPERSEDED', reason: 'ManifestReplaced' });
    expect(world.theRun().status.message).toContain(live?.generation);
  });

  test('replaced by one that asks to cancel, whose own event comes later: the run is cancelled, and the request says that nothing is under way', async () => {
    const world = createWorld();
    const uploads: ObjectInfo[] = [];
    await opened(world, () => {
      if (uploads.length === 0) uploads.push(world.upload('reviews/tune.json', '{"cancel": true}'));
    });
    const [cancel] = uploads;
    if (!cancel) throw new Error('nothing was uploaded');
    expect(world.theRun().status).toMatchObject({
      ...{ state: 'CANCELLED', cancelRequested: { by: cancel.generation } },
    });
    await world.finalized(cancel);
    const [replaced, request] = world.runs.documents.values();
    expect(replaced?.status.state).toBe('CANCELLED');
    expect(request?.status.state).toBe('SKIPPED');
  });

  test('deleted: the run says so', async () => {
    const world = createWorld();
    await opened(world, world.objects.remove);
    expect(world.theRun().status).toMatchObject({ state: 'SUPERSEDED', reason: 'ManifestDeleted' });
  });
});

describe('an object whose metadata say that it is packed', () => {
  const put = (world: World, name: string, content: string, encoding?: string) =>
    world.objects.put({ bucket: 'inbox', name }, content, undefined, encoding);
  const named = (world: World) =>
    (world.theRun().status.issues ?? []).flatMap(({ code }) => (code === 'model_retired' ? [] : [code]));

  test.each(['gzip', 'br', 'GZIP', 'identity, gzip', 'zstd', 'what\u001bever'])(
    '%s: data is refused once, before it is copied or read',
    async (encoding) => {
      const world = createWorld();
      put(world, 'reviews/train.jsonl', examples(120), encoding);
      await world.finalized(world.upload('reviews/tune.json', aManifest()));
      expect(world.theRun().status.state).toBe('REJECTED');
      expect(named(world)).toEqual(['dataset_content_encoding']);
      expect(world.objects.reads.filter((read) => read.startsWith('read') && read.includes('train'))).toEqual(
        [],
      );
      expect(world.objects.names('results').filter((name) => name.startsWith('staging/'))).toEqual([]);
    },
  );

  test('the manifest is refused unread', async () => {
    const world = createWorld();
    await world.finalized(put(world, 'reviews/tune.json', aManifest(), 'gzip'));
    expect(named(world)).toEqual(['manifest_content_encoding']);
    expect(world.objects.reads.filter((read) => read.startsWith('read'))).toEqual([]);
  });

  test.each([undefined, '', 'identity', 'aws-chunked'])('%s is none', async (encoding) => {
    const world = createWorld();
    put(world, 'reviews/train.jsonl', examples(120), encoding);
    await world.finalized(put(world, 'reviews/tune.json', aManifest(), encoding));
    expect(world.theRun().status.state).toBe('VALIDATED');
  });

  test('the same file, uploaded again without it, opens another run', async () => {
    const world = createWorld();
    put(world, 'reviews/train.jsonl', examples(120), 'gzip');
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.finalized(world.upload('reviews/train.jsonl', examples(120)));
    await world.deliver();
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['REJECTED', 'SUBMITTED']);
  });
});

describe('the same bytes again', () => {
  const dropTwice = async (config: { onSameBytes: 'skip' | 'run' }) => {
    const world = createWorld({ config });
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    return [...world.runs.documents.values()];
  };

  test('are reported as such, with the earlier run, and paid once', async () => {
    const [first, second] = await dropTwice({ onSameBytes: 'skip' });
    expect(first?.status.state).toBe('VALIDATED');
    expect(second?.status).toMatchObject({
      state: 'SKIPPED',
      reason: 'SameBytes',
      sameAs: `runs/${first?.runId}`,
    });
  });

  test('run again where the deployment says so', async () => {
    const runs = await dropTwice({ onSameBytes: 'run' });
    expect(runs.map(({ status }) => status.state)).toEqual(['VALIDATED', 'VALIDATED']);
  });

  test('are another matter when the data changed', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    world.upload('reviews/train.jsonl', examples(121));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    expect([...world.runs.documents.values()].map(({ status }) => status.state)).toEqual([
      'VALIDATED',
      'VALIDATED',
    ]);
  });
});

test('a dry run is checked and planned, and nothing is submitted', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest({ dry_run: true })));
  expect(world.theRun().status).toMatchObject({ state: 'PLANNED', reason: 'DryRun' });
  expect(world.theRun().spec.plan?.training.examples).toBe(120);
  expect(world.published).toEqual([]);
});
