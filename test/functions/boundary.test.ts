import { beforeEach, describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import type { LogEntry } from '../support/log.ts';

let log: LogEntry[];
const newLogger = () => createLogger('validate', (line) => void log.push(JSON.parse(line)));
beforeEach(() => {
  log = [];
});

const denied = (remedy = 'Grant it.') =>
  new TuneError('misconfiguration', 'Firestore answered claim with PERMISSION_DENIED', {
    ...{ reason: 'FirestoreDenied', remedy },
  });

/** A mistake deep in a handler. */
function countTheExamples(counts: { examples: number }[]): number {
  return (counts[0] as { examples: number }).examples;
}

describe('an event whose handler throws', () => {
  const handle = (thrown: () => unknown, logger = newLogger()) =>
    withBoundary<string>(
      () => async () => {
        throw thrown();
      },
      logger,
    );

  test('a mistake of our own comes again, and the log names the function where it began', async () => {
    const boundary = withBoundary<string>(
      () => async () => {
        await Promise.resolve();
        countTheExamples([]);
      },
      newLogger(),
    );
    await expect(boundary('event')).rejects.toThrow('answered with 500');
    expect(log).toMatchObject([
      {
        severity: 'ERROR',
        message: 'an event failed and is to be delivered again',
        fields: { kind: 'defect', reason: 'Defect', stack: expect.stringContaining('at countTheExamples') },
      },
    ]);
  });

  test('a lost answer comes again, and is a warning', async () => {
    const lost = new TuneError('ambiguous', 'no answer', { reason: 'Timeout' });
    await expect(handle(() => lost)('event')).rejects.toThrow('Timeout');
    expect(log).toMatchObject([{ severity: 'WARNING', fields: { kind: 'ambiguous', error: 'no answer' } }]);
  });

  test('what the deployment lacks is said once per instance, while every event comes again', async () => {
    const logger = newLogger();
    const boundary = handle(() => denied(), logger);
    for (let event = 0; event < 20; event++) await expect(boundary(`event-${event}`)).rejects.toThrow();
    expect(log).toMatchObject([
      {
        severity: 'ERROR',
        message: 'the deployment lacks something that this function needs',
        fields: { reason: 'FirestoreDenied', remedy: 'Grant it.' },
      },
    ]);
    await expect(handle(() => denied(), newLogger())('event')).rejects.toThrow();
    expect(log).toHaveLength(2);
  });

  test('each thing that the deployment lacks is said', async () => {
    const logger = newLogger();
    await expect(handle(() => denied('Grant it.'), logger)('event')).rejects.toThrow();
    await expect(handle(() => denied('Grant the other.'), logger)('event')).rejects.toThrow();
    expect(log.map(({ fields }) => fields?.remedy)).toEqual(['Grant it.', 'Grant the other.']);
  });

  test('what no further try can fix is acknowledged, and told as an error of the event', async () => {
    await handle(() => new TuneError('permanent', 'not JSON', { reason: 'PoisonMessage' }))('event');
    expect(log).toMatchObject([
      {
        ...{ severity: 'ERROR', message: 'gave up on an event that no further try can fix' },
        fields: { reason: 'PoisonMessage', error: 'not JSON' },
      },
    ]);
  });

  test('functions-framework prints one line of it, not the stack once more', async () => {
    const thrown = await handle(() => denied())('event').catch((error: Error) => error);
    expect(thrown?.stack?.split('\n')).toHaveLength(1);
  });
});

test('a function whose environment is incomplete answers every event with an error until it is deployed anew', async () => {
  const boundary = withBoundary<string>(() => {
    readConfig({});
    return async () => {};
  }, newLogger());
  await expect(boundary('first')).rejects.toThrow('ConfigError');
  await expect(boundary('second')).rejects.toThrow('ConfigError');
  expect(log).toHaveLength(1);
  expect(log[0]?.fields?.error).toContain('GOOGLE_CLOUD_PROJECT is not set');
});

test('a handler is made once, at the first event', async () => {
  let made = 0;
  const boundary = withBoundary<string>(() => {
    made += 1;
    return async () => {};
  }, newLogger());
  expect(made).toBe(0);
  await boundary('first');
  await boundary('second');
  expect(made).toBe(1);
});
