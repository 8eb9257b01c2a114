import { nearest } from '../../shared/core/manifest/suggestions.ts';
import { MODEL_REFERENCES } from '../../shared/core/models/models.ts';
import { RUN_STATES, type RunState } from '../../shared/core/run/states.ts';
import type { Flags } from '../command-line/flags.ts';

const STATES = Object.keys(RUN_STATES) as RunState[];
const MOST = 500;

/** What is listed. */
export const LIST_FLAGS = {
  state: {
    value: 'STATE',
    help: 'in this state, such as FAILED',
    takes: 'a state of docs/states.md',
    read: (text: string) => STATES.find((state) => state === text.toUpperCase()),
    why: (text: string) => meant(text.toUpperCase(), STATES),
  },
  model: {
    value: 'MODEL',
    help: 'of this base model',
    details: 'By its name in docs/models.md.',
    takes: 'a base model of docs/models.md',
    read: (text: string) => MODEL_REFERENCES.find((name) => name === text),
    why: (text: string) => meant(text, MODEL_REFERENCES),
  },
  path: {
    value: 'PATH',
    help: 'of this manifest, or below this folder',
    takes: 'a path in the inbox',
    read: (text: string) => text.replace(/^gs:\/\/[^/]+\//, '').replace(/^\/+|\/+$/g, '') || undefined,
  },
  since: {
    value: 'TIME',
    help: 'since a day, a time, or 3d, 12h, 30m ago',
    details: 'A day such as 2026-11-30 begins at midnight where you are.',
    takes: 'a day such as 2026-11-30, a time, or 3d, 12h, 30m',
    read: (text: string) => (sinceOf(text, 0) === undefined ? undefined : text),
  },
  limit: {
    value: 'N',
    help: `at most so many, up to ${MOST}`,
    default: '20',
    takes: `a number from 1 to ${MOST}`,
    read: (text: string) => (/^\d{1,3}$/.test(text) && +text >= 1 && +text <= MOST ? +text : undefined),
  },
  after: {
    value: 'RUN',
    help: 'the next page: those older than this run',
    takes: 'the id of a run',
    read: (text: string) => (/^r[a-z2-7]{40}$/.test(text) ? text : undefined),
  },
} as const satisfies Flags;

function meant(text: string, names: readonly string[]): string | undefined {
  const near = nearest(text, names);
  return near && `${near} is probably meant`;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The time that is meant, RFC 3339 UTC; undefined where none is. A day begins at midnight where the reader is. */
export function sinceOf(text: string, nowMs: number): string | undefined {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return new Date(nowMs - Number(number) * (UNIT_MS[unit] ?? 0)).toISOString();
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text))
    return undefined;
  // A day alone would be read as UTC.
  const at = new Date(text.length === 10 ? `${text}T00:00` : text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
