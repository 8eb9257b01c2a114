import { describe, expect, test } from 'vitest';
import type { Severity } from '../../shared/core/issues/issue.ts';
import { createIssueLog, type Loggable } from '../../shared/core/issues/issue-log.ts';

interface Sample extends Loggable {
  number: number;
}

const sample = (code: string, number: number, severity: Severity = 'error'): Sample => ({
  code,
  severity,
  number,
});

describe('the issue log', () => {
  test('an empty log has nothing to say', () => {
    const log = createIssueLog<Sample>();
    expect([log.total, log.hasErrors, log.groups, log.counts()]).toEqual([0, false, [], []]);
  });

  test('counts are exact, by code and severity, whatever is kept', () => {
    const log = createIssueLog<Sample>({ keep: { perCode: 2, total: 3 } });
    for (let number = 0; number < 1000; number++) log.add(sample('a', number));
    for (let number = 0; number < 10; number++) log.add(sample('a', number, 'warning'));
    for (let number = 0; number < 5; number++) log.add(sample('b', number, 'advice'));
    expect(log.total).toBe(1015);
    expect(log.counts()).toEqual([
      { code: 'a', severity: 'error', count: 1000 },
      { code: 'a', severity: 'warning', count: 10 },
      { code: 'b', severity: 'advice', count: 5 },
    ]);
    expect(log.bySeverity()).toEqual({ error: 1000, warning: 10, advice: 5 });
    expect(log.groups).toMatchObject([
      { first: sample('a', 0), count: 1000 },
      { first: sample('a', 0, 'warning'), count: 10 },
      { first: sample('b', 0, 'advice'), count: 5 },
    ]);
  });

  test('issues of one cause are one group, with their number and their first lines', () => {
    const log = createIssueLog<Sample>({ causeOf: ({ number }) => `${number % 2}` });
    for (let number = 1; number <= 50; number++) {
      const at = { uri: 'train.jsonl', line: number };
      log.add({ ...sample('a', number), at });
      log.add({ ...sample('a', number), at });
    }
    expect(log.groups).toMatchObject([
      { first: { number: 1 }, count: 50, lineCount: 25, lines: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19] },
      { first: { number: 2 }, count: 50, lineCount: 25, lines: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20] },
    ]);
  });

  test('by default 20 causes of a code and 200 altogether are kept, and what follows is only counted', () => {
    const log = createIssueLog<Sample>({ causeOf: ({ number }) => `${number}` });
    for (let number = 0; number < 3000; number++) log.add(sample(`code ${number % 30}`, number));
    expect(log.groups).toHaveLength(200);
    expect(log.groups.filter(({ first }) => first.code === 'code 0').length).toBeLessThanOrEqual(20);
    expect(log.total).toBe(3000);
  });

  test('only errors are errors', () => {
    const log = createIssueLog<Sample>();
    log.add(sample('a', 0, 'warning'));
    log.add(sample('a', 0, 'advice'));
    expect(log.hasErrors).toBe(false);
    log.add(sample('a', 0));
    expect(log.hasErrors).toBe(true);
  });

  test('the list has the first of all issues in order, grouped or not', () => {
    const log = createIssueLog<Sample>({ keep: { perCode: 0, total: 0 }, list: 30 });
    for (let number = 0; number < 50; number++) log.add(sample('a', number));
    expect(log.groups).toEqual([]);
    expect(log.listed.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, number) => number));
    expect(log.total).toBe(50);
  });

  test('nothing is listed unless it is asked for', () => {
    const log = createIssueLog<Sample>();
    log.add(sample('a', 0));
    expect(log.listed).toEqual([]);
  });
});
