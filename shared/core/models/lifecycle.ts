import { daysBetween, type SourceName } from './sources.ts';

/** A day, ISO 8601, and who says so. */
export interface DatedDay {
  day: string;
  source: SourceName;
}

/** The days of a model's life on Vertex AI, as far as Google published them; a day that is not there is not known. */
export interface Lifecycle {
  /** From this day on projects that did not use the model lately are refused. */
  closedToNewProjects?: DatedDay;
  /** From this day on Vertex AI refuses new tuning jobs of every project. */
  tuningBlocked?: DatedDay;
  /** The published retirement. Where `shutdown` is later, projects that use the model go on until then. */
  retired?: DatedDay;
  /** The published retirement is this day or later; its day is not fixed yet. */
  notRetiredBefore?: DatedDay;
  /** From this day on the model is gone for everybody, tuned versions included. */
  shutdown?: DatedDay;
  /** What to write in `base_model` instead. */
  successor?: string;
  /** What was read about the days of a model. */
  source: SourceName;
}

interface HasLifecycle {
  lifecycle: Lifecycle;
}

/** The day until which projects that use a retired model go on with it; undefined where it is gone for everybody. */
export function goesOnUntil({ lifecycle }: HasLifecycle, today: string): string | undefined {
  const day = lifecycle.shutdown?.day;
  return day !== undefined && today < day ? day : undefined;
}

/** The day from which on a model is not tuned any more: its own, else that of its retirement. Undefined where none is fixed. */
export function endOfTuning({ lifecycle }: HasLifecycle): DatedDay | undefined {
  return lifecycle.tuningBlocked ?? lifecycle.retired;
}

/** Whether Vertex AI takes no new tuning jobs of the model any more, of all projects or of new ones, on a day (ISO 8601). */
export function isRetired(model: HasLifecycle, today: string): boolean {
  const last = endOfTuning(model);
  return last !== undefined && today >= last.day;
}

/**
 * Ours: so many days before its end a model is told of. Of a published day half a year before, since what is tuned now ends with
 * it; of a day before which nothing happens a quarter, since Google may still set a later one.
 */
const NOTICE_DAYS = { retired: 180, notRetiredBefore: 90 } as const;

/** The end that is near. */
export interface NearEnd extends DatedDay {
  kind: keyof typeof NOTICE_DAYS;
  /** 0 and below: the day from which on it may retire has come. */
  daysLeft: number;
}

/**
 * The retirement that comes within the days of notice, or may come any day; undefined where none is near, and once a fixed one has
 * come.
 */
export function nearEnd({ lifecycle }: HasLifecycle, today: string): NearEnd | undefined {
  const kinds = Object.keys(NOTICE_DAYS) as NearEnd['kind'][];
  return kinds
    .flatMap((kind): NearEnd[] => {
      const dated = lifecycle[kind];
      if (dated === undefined) return [];
      const daysLeft = daysBetween(today, dated.day);
      const isOpen = daysLeft > 0 || kind === 'notRetiredBefore';
      return isOpen && daysLeft <= NOTICE_DAYS[kind] ? [{ ...dated, kind, daysLeft }] : [];
    })
    .at(0);
}

/**
 * The day on which a tuned model of this base ends, for whom it was made: the shutdown, else the published retirement. "A tuned
 * Gemini model shares the discontinuation date of its base." Undefined where no day is fixed.
 */
export function endOfTunedModels({ lifecycle }: HasLifecycle): DatedDay | undefined {
  return lifecycle.shutdown ?? lifecycle.retired;
}
