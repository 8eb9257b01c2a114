/** The table of models as it is on a day: what can be tuned then, until when, at what price, and how old that knowledge is. */
import { type DatedDay, endOfTuning, goesOnUntil, isRetired, nearEnd } from './lifecycle.ts';
import { MODELS, type Model } from './models.ts';
import { listPriceOf, type Price } from './prices.ts';
import { ageInDays, type SourceName, STALE_AFTER_DAYS } from './sources.ts';

/** The day on which the table was last compared with Google's pages. */
export const CATALOGUE_DAY = '2026-11-29';

/** What a project that never used the model can do with it, then what another can; `ending`: everybody, for a while. */
export const STANDINGS = ['tunable', 'ending', 'existingProjects', 'closed'] as const;
export type Standing = (typeof STANDINGS)[number];

export const STANDING_WORDS: Record<Standing, string> = {
  tunable: 'can be tuned',
  ending: 'can be tuned, ends soon',
  existingProjects: 'only for projects that used it before',
  closed: 'closed',
};

export interface CatalogueRow {
  model: Model;
  standing: Standing;
  /** The next day that matters, or the one that ended it; undefined where none is published. */
  end: (DatedDay & { isEarliest: boolean }) | undefined;
  price: Price | undefined;
  /** Sources of the days and the price that were seen too long before the day. */
  stale: SourceName[];
}

/** Every model on a day (ISO 8601), in the order of the table. */
export function catalogueAsOf(day: string, staleAfterDays = STALE_AFTER_DAYS): CatalogueRow[] {
  const all: readonly Model[] = MODELS;
  return all.map((model) => ({
    model,
    standing: standingOf(model, day),
    end: endOf(model, day),
    price: listPriceOf(model),
    stale: sourcesOf(model).filter((source) => ageInDays(source, day) > staleAfterDays),
  }));
}

function standingOf(model: Model, day: string): Standing {
  const { closedToNewProjects } = model.lifecycle;
  if (isRetired(model, day)) return goesOnUntil(model, day) === undefined ? 'closed' : 'existingProjects';
  if (closedToNewProjects !== undefined && day >= closedToNewProjects.day) return 'existingProjects';
  return nearEnd(model, day) === undefined ? 'tunable' : 'ending';
}

function endOf(model: Model, day: string): CatalogueRow['end'] {
  const { shutdown, notRetiredBefore } = model.lifecycle;
  if (isRetired(model, day) && shutdown) return { ...shutdown, isEarliest: false };
  const end = endOfTuning(model);
  if (end) return { ...end, isEarliest: false };
  return notRetiredBefore && { ...notRetiredBefore, isEarliest: true };
}

function sourcesOf(model: Model): SourceName[] {
  const { successor, source, ...days } = model.lifecycle;
  const price = listPriceOf(model)?.source ?? [];
  return [...new Set([source, ...Object.values(days).map((dated) => dated.source), price].flat())];
}
