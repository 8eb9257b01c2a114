import { describe, expect, it } from 'vitest';
import { compileListFilter, type FilterFields } from '../../local/vertex/http/filter.ts';

interface Item {
  state: string;
  displayName?: string;
  createTime: string;
  labels: Record<string, string>;
}

const FIELDS: FilterFields<Item> = {
  state: (item) => item.state,
  display_name: (item) => item.displayName,
  create_time: (item) => item.createTime,
  labels: (item) => item.labels,
};

const ITEM: Item = {
  state: 'RUNNING',
  displayName: 'my (first) run',
  createTime: '2026-01-01T10:00:00.000Z',
  labels: { team: 'search', 'google-vertex-llm-tuning-base-model-id': 'text-bison-002', empty: '' },
};

describe('a list filter', () => {
  it.each([
    ['', true],
    ['  ', true],
    ['state="RUNNING"', true],
    ["state = 'RUNNING'", true],
    ['state=RUNNING', true],
    ['state!="RUNNING"', false],
    ['state="FAILED"', false],
    ['display_name="my (first) run"', true],
    ['displayName="my (first) run"', true],
    ['display_name="my*"', true],
    ['display_name:"*first*"', true],
    ['display_name:"first"', false],
    ['display_name="my .first. run"', false],
    ['labels.team="search"', true],
    ['labels.team="ads"', false],
    ['labels.team!="ads"', true],
    ['labels.other!="ads"', true],
    ['labels.google-vertex-llm-tuning-base-model-id="text-bison-002"', true],
    ['labels.google-vertex-llm-tuning-base-model-id=text-bison@002', false],
    ['labels:team', true],
    ['labels:empty', true],
    ['labels:toString', false],
    ['labels.team:*', true],
    ['labels.other:*', false],
    ['create_time>"2026-01-01T09:59:59Z"', true],
    ['createTime<="2026-01-01T11:00:00+01:00"', true],
    ['create_time<"2026-01-01T10:00:00Z"', false],
    ['state="RUNNING" AND labels.team="ads"', false],
    ['state="FAILED" OR labels.team="search"', true],
    ['NOT state="FAILED"', true],
    ['-state="RUNNING"', false],
    ['NOT (state="RUNNING" AND labels.team="search")', false],
    ['state="RUNNING" labels.team="search"', true],
    ['(state="FAILED" OR state="RUNNING") AND labels:team', true],
    // OR binds tighter than AND in AIP-160.
    ['state="FAILED" AND labels:team OR labels:other', false],
    ['labels:team OR labels:other AND state="FAILED"', false],
  ])('%s is %s', (filter, expected) => {
    expect(compileListFilter(filter, FIELDS)(ITEM)).toBe(expected);
  });

  it.each([
    ['an unknown field', 'owner="me"'],
    ['no value', 'state='],
    ['no comparison', 'RUNNING'],
    ['an open parenthesis', '(state="RUNNING"'],
    ['a closing parenthesis', 'state="RUNNING")'],
    ['an open quotation', 'state="RUNNING'],
    ['an order of texts', 'state>"A"'],
    ['a time that is none', 'create_time>"yesterday"'],
    ['a value for all labels', 'labels="a"'],
  ])('with %s is refused', (_name, filter) => {
    expect(() => compileListFilter(filter, FIELDS)).toThrow('Invalid filter');
  });
});
