import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../local/delivery/message.ts';
import { toAckId } from '../../local/pubsub/ack-id.ts';
import { type Broker, createBroker } from '../../local/pubsub/broker.ts';
import { createLeases } from '../../local/pubsub/leases.ts';
import { until } from '../support/condition.ts';
import { serviceOptions } from '../support/service-options.ts';

const TOPIC = 'projects/demo/topics/backlog';
const SUBSCRIPTION = 'projects/demo/subscriptions/backlog';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A broker with so many messages that wait, of a fifth as many ordering keys. */
function aBacklog(messages: number): Broker {
  const broker = createBroker(serviceOptions());
  broker.topology.createTopic({ name: TOPIC });
  broker.topology.createSubscription({ name: SUBSCRIPTION, topic: TOPIC, enableMessageOrdering: true });
  const batch = (from: number) =>
    Array.from({ length: 100 }, (_, index) => ({
      data: Buffer.from('x'),
      attributes: {},
      orderingKey: `key-${(from + index) % (messages / 5)}`,
    }));
  for (let from = 0; from < messages; from += 100) broker.publish(TOPIC, batch(from));
  return broker;
}

/** Takes all that waits, with room for so many at once, and acknowledges it; returns how many came in each turn. */
function drain({ engine }: Broker, messages: number, limit: number): Promise<number[]> {
  const turns: number[] = [];
  let outstanding = 0;
  let count = 0;
  let isNewTurn = true;
  return new Promise((resolve) => {
    const acknowledge = (deliveries: Delivery[]) => {
      engine.pump.finish(deliveries, true);
      count += deliveries.length;
      if (count === messages) resolve(turns);
    };
    const take = (deliveries: Delivery[]) => {
      outstanding += deliveries.length;
      if (isNewTurn) turns.push(0);
      turns[turns.length - 1] = (turns.at(-1) ?? 0) + deliveries.length;
      isNewTurn = false;
      setImmediate(() => {
        isNewTurn = true;
        acknowledge(deliveries);
      });
    };
    const ended = () => {
      outstanding -= 1;
    };
    engine.pump.attach(SUBSCRIPTION, {
      room: () => limit - outstanding,
      leaseMs: 10_000,
      inRuns: true,
      take,
      ended,
    });
  });
}

async function statementsFor(messages: number): Promise<number> {
  const spies = (['run', 'get', 'all', 'iterate'] as const).map((name) =>
    vi.spyOn(StatementSync.prototype, name),
  );
  const broker = aBacklog(messages);
  await drain(broker, messages, 50);
  broker.engine.close();
  const count = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  vi.restoreAllMocks();
  return count;
}

describe('a backlog', () => {
  it('of twice as many messages costs twice as many statements', async () => {
    const small = await statementsFor(500);
    const large = await statementsFor(1000);
    expect(large / small).toBeGreaterThan(1.8);
    expect(large / small).toBeLessThan(2.2);
  });

  it('is handed out in turns, between which the other services of the process have theirs', async () => {
    const broker = aBacklog(2000);
    const turns = await drain(broker, 2000, Number.POSITIVE_INFINITY);
    broker.engine.close();
    expect(Math.max(...turns)).toBeLessThanOrEqual(300);
    expect(turns.reduce((sum, count) => sum + count, 0)).toBe(2000);
  });
});

it('a long list of acknowledgements is gone through in turns', async () => {
  const broker = aBacklog(500);
  const attempts: Delivery[] = [];
  broker.engine.pump.attach(SUBSCRIPTION, {
    ...{ room: () => 500 - attempts.length, leaseMs: 10_000, inRuns: true },
    take: (deliveries) => void attempts.push(...deliveries),
  });
  await until('all is taken', () => attempts.length === 500);
  const ackIds = attempts.map(toAckId);
  const work = createLeases(broker.engine.pump).acknowledge(SUBSCRIPTION, ackIds);
  expect(broker.engine.undelivered().length).toBeGreaterThanOrEqual(300);
  await work;
  expect(broker.engine.undelivered()).toEqual([]);
  broker.engine.close();
});

/** What happens once for the process, for a person who asks, or in small steps from time to time. */
const MAY_LOOK_AT_ALL = [
  /^UPDATE deliveries SET state = 0, due_ms = \? WHERE state <> 0/,
  /^SELECT d\.subscription, m\.id AS messageId/,
  /^SELECT resource FROM/,
  /^DELETE FROM messages/,
];

/** What is asked for again and again must find its rows by an index, without a look at what waits behind them. */
const BY_INDEX_ALONE: [what: string, sql: RegExp, plan: string][] = [
  [
    'what is due',
    /d\.state = 0 AND d\.first = 1/,
    'USING INDEX deliveries_waiting (subscription=? AND state=? AND first=? AND due_ms<?)',
  ],
  [
    'when the next is due',
    /^SELECT due_ms .* state = 0/,
    'USING COVERING INDEX deliveries_waiting (subscription=? AND state=? AND first=?)',
  ],
  ['when the next lease ends', /^SELECT due_ms .* state = 1/, 'deliveries_leased (subscription=?)'],
  ['which leases are over', /^SELECT seq, due_ms/, 'deliveries_leased (subscription=? AND due_ms<?)'],
  [
    'what comes behind in the order of its key',
    /^SELECT d\.seq, d\.state/,
    'USING INDEX deliveries_order (subscription=? AND ordering_key=? AND seq>?)',
  ],
];

describe('the statements', () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const { engine } = aBacklog(100);
  const all = prepare.mock.calls.map(([sql]) => sql.trim().replace(/\s+/g, ' '));
  vi.restoreAllMocks();
  const statements = all.filter((sql) => /^(?:SELECT|INSERT|UPDATE|DELETE)/.test(sql));
  const planOf = (sql: string) =>
    engine.database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array(sql.split('?').length - 1).fill(1))
      .map(({ detail }) => String(detail))
      .join('; ');
  afterAll(engine.close);

  it.each(BY_INDEX_ALONE)('find %s by an index alone', (_what, sql, plan) => {
    const found = statements.filter((statement) => sql.test(statement)).map(planOf);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) {
      expect(one).toContain(plan);
      expect(one).not.toMatch(/TEMP B-TREE|SUBQUERY/);
    }
  });

  it('look through no whole table', () => {
    const asked = statements.filter((sql) => !MAY_LOOK_AT_ALL.some((one) => one.test(sql)));
    const scans = asked
      .map((sql) => ({ sql, plan: planOf(sql) }))
      .filter(({ plan }) => /\bSCAN\b/.test(plan));
    expect(asked.length).toBeGreaterThan(20);
    expect(scans).toEqual([]);
  });
});
