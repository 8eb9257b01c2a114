import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PubSubService, startPubSub } from '../../local/pubsub/server.ts';
import { createGcloud, whyNoGcloud } from '../support/gcloud.ts';
import { serviceOptions } from '../support/service-options.ts';

const missing = whyNoGcloud();
if (missing) console.warn(`SKIPPED: gcloud pubsub: ${missing}`);

/** Each command takes a second or two: what belongs together is one test. */
describe.skipIf(missing !== undefined)('gcloud pubsub', { timeout: 300_000 }, () => {
  let service: PubSubService;
  let gcloud: ReturnType<typeof createGcloud>;
  beforeAll(async () => {
    service = await startPubSub(serviceOptions());
    gcloud = createGcloud({ pubsub: `http://${service.address}/` });
  });
  afterAll(() => service.close());

  /** What a command that succeeds writes. */
  async function pubsub(command: string, ...more: string[]): Promise<string> {
    const { status, stdout, stderr } = await gcloud('pubsub', ...command.split(' '), ...more);
    expect(stderr).not.toContain('ERROR');
    expect(status).toBe(0);
    return stdout + stderr;
  }
  const json = async (command: string) =>
    JSON.parse((await pubsub(command, '--format=json')).replace(/^[^[{]*/, ''));

  it('makes, lists, describes, changes and deletes topics', async () => {
    expect(await pubsub('topics create work spare --labels=a=b')).toContain('projects/demo/topics/work');
    expect(await json('topics list --sort-by=name')).toMatchObject([
      { name: 'projects/demo/topics/spare' },
      { name: 'projects/demo/topics/work' },
    ]);
    await pubsub('topics update work --update-labels=c=d --message-retention-duration=1h');
    expect(await json('topics describe work')).toEqual({
      name: 'projects/demo/topics/work',
      labels: { a: 'b', c: 'd' },
      messageRetentionDuration: '3600s',
    });
    await pubsub('topics delete spare');
    const { stderr } = await gcloud('pubsub', 'topics', 'describe', 'spare');
    expect(stderr).toContain('NOT_FOUND');
  });

  it('subscribes with a filter, publishes, pulls and acknowledges', async () => {
    await pubsub('topics create events');
    const filter = '--message-filter=attributes.terminal = "true"';
    await pubsub('subscriptions create ends --topic=events --enable-message-ordering', filter);
    await pubsub('topics publish events --message=running --attribute=terminal=false');
    await pubsub('topics publish events --message=ended --attribute=terminal=true --ordering-key=run');
    const [received] = await json('subscriptions pull ends --limit=10');
    expect(received.message).toMatchObject({
      data: Buffer.from('ended').toString('base64'),
      attributes: { terminal: 'true' },
      orderingKey: 'run',
    });
    await pubsub(`subscriptions ack ends --ack-ids=${received.ackId}`);
    expect(service.undelivered()).toEqual([]);
    expect(await json('topics list-subscriptions events')).toEqual(['projects/demo/subscriptions/ends']);
  });

  it('changes subscriptions, and seeks to a snapshot and to a time', async () => {
    await pubsub('topics create seeking');
    await pubsub('subscriptions create back --topic=seeking --retain-acked-messages --ack-deadline=30');
    await pubsub('subscriptions update back --ack-deadline=60 --update-labels=a=b');
    await pubsub('subscriptions modify-push-config back --push-endpoint=');
    expect(await json('subscriptions describe back')).toMatchObject({
      ackDeadlineSeconds: 60,
      labels: { a: 'b' },
      retainAckedMessages: true,
    });
    await pubsub('snapshots create before --subscription=back');
    await pubsub('topics publish seeking --message=again');
    const pull = 'subscriptions pull back --auto-ack';
    expect(await pubsub(pull)).toContain('again');
    await pubsub('subscriptions seek back --snapshot=before');
    expect(await pubsub(pull)).toContain('again');
    await pubsub('subscriptions seek back --time=2020-01-01T00:00:00Z');
    expect(await pubsub(pull)).toContain('again');
    expect(await json('snapshots list')).toMatchObject([{ name: 'projects/demo/snapshots/before' }]);
    await pubsub('snapshots delete before');
    await pubsub('topics detach-subscription back');
    await pubsub('subscriptions delete back');
    expect(await json('snapshots list')).toEqual([]);
  });

  it('is refused by name what is not here', async () => {
    await pubsub('topics create any');
    const refused = [
      ['schemas create some --type=avro --definition={}', 'CreateSchema'],
      ['topics get-iam-policy any', 'getIamPolicy'],
      ['subscriptions create some --topic=any --enable-exactly-once-delivery', 'enableExactlyOnceDelivery'],
    ];
    const results = await Promise.all(
      refused.map(([command = '']) => gcloud('pubsub', ...command.split(' '))),
    );
    for (const [index, { status, stderr }] of results.entries()) {
      expect(status).not.toBe(0);
      expect(stderr).toContain(refused[index]?.[1]);
    }
  });

  it('finds no schemas', async () => {
    expect(await json('schemas list')).toEqual([]);
  });
});
