import { nameOf } from '../../../shared/core/report/headline.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import { RUN_STATES, type RunState } from '../../../shared/core/run/states.ts';

/** What of the list is asked for, as the address of the page has it: `?q=reviews&state=FAILED&page=2`. */
export interface RunListQuery {
  /** Part of a name, a path, a model or a run id; empty for all. */
  text: string;
  state: RunState | undefined;
  /** From 1. */
  page: number;
}

/** More rows than that would make each refresh slow, and nobody reads them. */
export const ROWS_ON_PAGE = 50;

/** What cannot be read asks for nothing in particular. */
export function readListQuery(search: URLSearchParams): RunListQuery {
  const state = search.get('state') ?? '';
  const page = Number(search.get('page'));
  return {
    text: (search.get('q') ?? '').trim(),
    state: Object.hasOwn(RUN_STATES, state) ? (state as RunState) : undefined,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** The address of the same list on another page. */
export function listAddress({ text, state, page }: RunListQuery): string {
  const search = new URLSearchParams();
  if (text !== '') search.set('q', text);
  if (state !== undefined) search.set('state', state);
  if (page !== 1) search.set('page', String(page));
  return search.size === 0 ? '/' : `/?${search}`;
}

/** The page of the runs that fit, the newest first. `total`: how many fit. */
export function findRuns(
  runs: readonly Run[],
  { text, state, page }: RunListQuery,
): { found: Run[]; total: number } {
  const wanted = text.toLowerCase();
  const fits = (run: Run) =>
    (state === undefined || run.status.state === state) &&
    [
      nameOf(run),
      run.spec.source.name,
      run.spec.plan?.baseModel ?? run.spec.manifest?.base_model ?? '',
      run.runId,
    ].some((one) => one.toLowerCase().includes(wanted));
  const all = runs
    .filter(fits)
    .toSorted(
      (a, b) => b.status.createTime.localeCompare(a.status.createTime) || a.runId.localeCompare(b.runId),
    );
  return { found: all.slice((page - 1) * ROWS_ON_PAGE, page * ROWS_ON_PAGE), total: all.length };
}
