import { describe, expect, test } from 'vitest';
import type { Severity } from '../../shared/core/issues/issue.ts';
import { createIssueLog } from '../../shared/core/issues/issue-log.ts';

interface Sample {
  code: string;
  severity: Severity;
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
    expect([log.total, log.hasErrors, log.kept, log.counts()]).toEqual([0, false, [], []]);
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
    expect(log.kept).toEqual([sample('a', 0), sample('a', 1), sample('b', 0, 'advice')]);
  });

  test('by default 20 of a code and 200 altogether are kept', () => {
    const log = createIssueLog<Sample>();
    for (let number = 0; number < 3000; number++) log.add(sample(`code ${number % 30}`, number));
    expect(log.kept).toHaveLength(200);
    expect(log.kept.filter(({ code }) => code === 'code 0').length).toBeLessThanOrEqual(20);
  });

  test('only errors are errors', () => {
    const log = createIssueLog<Sample>();
    log.add(sample('a', 0, 'warning'));
    log.add(sample('a', 0, 'advice'));
    expect(log.hasErrors).toBe(false);
    log.add(sample('a', 0));
    expect(log.hasErrors).toBe(true);
  });

  test('the list has the first of all issues in order, kept or not', () => {
    const log = createIssueLog<Sample>({ keep: { perCode: 0, total: 0 }, list: 30 });
    for (let number = 0; number < 50; number++) log.add(sample('a', number));
    expect(log.kept).toEqual([]);
    expect(log.listed.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, number) => number));
    expect(log.total).toBe(50);
  });

  test('nothing is listed unless it is asked for', () => {
    const log = createIssueLog<Sample>();
    log.add(sample('a', 0));
    expect(log.listed).toEqual([]);
  });
});
