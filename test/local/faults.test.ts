import { describe, expect, test } from 'vitest';
import { createCallHistory } from '../../local/call-history.ts';
import { asCaller, VERTEX_CALLER } from '../../local/callers.ts';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript, type Fault } from '../../local/faults.ts';

const clock = createSteppableClock(0);
const ERROR: Fault = { kind: 'error', status: 503 };
const RUN = `r${'a'.repeat(40)}`;

function start() {
  const killed: string[] = [];
  const history = createCallHistory(clock);
  const kill = (caller: string) => void killed.push(caller);
  const faults = createFaultScript({ service: 'storage', history, clock, kill });
  let served = 0;
  const call = (method = 'get', target = '') =>
    faults
      .attend({ method, target, about: () => `labels ${RUN}` }, async () => {
        served += 1;
        return 'answer';
      })
      .catch((error: Error) => error.message);
  return { faults, history, killed, call, served: () => served };
}

describe('a fault meets', () => {
  test('the calls of its caller alone, an instance of it by the name of the function', async () => {
    const { faults, call } = start();
    faults.script('get', [ERROR, ERROR], { caller: 'submit' });
    expect(await asCaller('poll', call)).toBe('answer');
    expect(await asCaller('submit', call)).toContain('error');
    expect(await asCaller('submit.2', call)).toContain('error');
    expect(faults.remaining()).toEqual({});
  });

  test('the stand-in for Vertex AI only where it is named', async () => {
    const { faults, call } = start();
    faults.script('get', [ERROR]);
    expect(await asCaller(VERTEX_CALLER, call)).toBe('answer');
    expect(faults.calls()).toEqual({});
    expect(await call()).toContain('error');
    faults.script('*', [ERROR], { caller: VERTEX_CALLER });
    expect(await call()).toBe('answer');
    expect(await asCaller(VERTEX_CALLER, call)).toContain('error');
  });

  test('the calls that name its run, in their target or in what they say', async () => {
    const { faults, call } = start();
    faults.script('get', [ERROR], { run: 'b'.repeat(10) });
    faults.script('put', [ERROR], { run: RUN });
    expect(await call('get', 'inbox/aaaa')).toBe('answer');
    expect(await call('get', `inbox/${'b'.repeat(10)}/tune.json`)).toContain('error');
    expect(await call('put')).toContain('error');
  });

  test('the share of calls that was asked for, the same ones for the same seed', async () => {
    const metBy = async (seed: number) => {
      const { faults, call } = start();
      const stop = faults.whenever('get', ERROR, { rate: 0.1, seed });
      const met: number[] = [];
      for (let n = 0; n < 1000; n++) if ((await call()) !== 'answer') met.push(n);
      stop();
      expect(await call()).toBe('answer');
      return met;
    };
    const met = await metBy(7);
    expect(met.length).toBeGreaterThan(70);
    expect(met.length).toBeLessThan(130);
    expect(await metBy(7)).toEqual(met);
    expect(await metBy(8)).not.toEqual(met);
  });
});

describe('a call', () => {
  test('that is stalled is held until it is released, and is served then', async () => {
    const { faults, call, served } = start();
    faults.script('get', [{ kind: 'stall' }, { kind: 'stall', afterEffect: true }]);
    const both = Promise.all([call(), call()]);
    await clock.advance(1_000_000);
    expect(faults.held()).toBe(2);
    expect(served()).toBe(1);
    expect(faults.release()).toBe(2);
    expect(await both).toEqual(['answer', 'answer']);
  });

  test('that is slow is served when its time is over', async () => {
    const { faults, call, served } = start();
    faults.script('get', [{ kind: 'slow', byMs: 5000 }]);
    const answer = call();
    await clock.advance(4999);
    expect(served()).toBe(0);
    await clock.advance(1);
    expect(await answer).toBe('answer');
  });

  test('that is killed ends its caller, before the work or after it', async () => {
    const { faults, call, served, killed } = start();
    faults.script('get', [{ kind: 'kill' }, { kind: 'kill', afterEffect: true }]);
    await asCaller('poll', call);
    expect([served(), killed]).toEqual([0, ['poll']]);
    await asCaller('submit.1', call);
    expect([served(), killed]).toEqual([1, ['poll', 'submit.1']]);
  });

  test('is in the history with who called, for which run, and what became of it', async () => {
    const { faults, call, history } = start();
    faults.script('get', [ERROR]);
    await asCaller('submit', () => call('get', 'inbox/a'));
    await asCaller('submit', () => call('get', 'inbox/b'));
    await faults.attend({ method: 'put' }, () => Promise.reject({ http: 404 })).catch(() => {});
    expect(history.since()).toMatchObject([
      { order: 1, service: 'storage', method: 'get', target: 'inbox/a', caller: 'submit', outcome: 'error' },
      { order: 2, target: 'inbox/b', run: RUN, outcome: 'ok' },
      { order: 3, method: 'put', caller: 'anybody', run: undefined, outcome: 'refused 404' },
    ]);
    expect(history.since(2)).toHaveLength(1);
  });
});

test('a fault that its method cannot meet is refused when it is scripted', () => {
  const { faults } = start();
  expect(() => faults.script('Message', [ERROR])).toThrow('Message meets no fault of the kind error');
  expect(() => faults.whenever('get', { kind: 'drop' })).toThrow('get meets no fault of the kind drop');
});

test('a fault that stands and that nobody met remains; forgetting all lets go on what is held', async () => {
  const { faults, call } = start();
  faults.whenever('put', ERROR);
  faults.script('get', [{ kind: 'stall' }, ERROR]);
  const held = call();
  expect(faults.remaining()).toEqual({ put: [ERROR], get: [ERROR] });
  faults.clear();
  expect(await held).toBe('answer');
  expect(faults.remaining()).toEqual({});
});
