import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { type DatedDay, endOfTunedModels } from '../models/lifecycle.ts';
import { findModel } from '../models/models.ts';
import { daysBetween } from '../models/sources.ts';

/**
 * A tuned model ends with its base. So many days before, it is told; 0: it has ended. A model that is found late is told the
 * notice that is due by then, and none of those before it.
 */
const NOTICES = [90, 30, 7, 0] as const;

/** `models/{modelId}.ending`: when a tuned model ends, and what replaces it. */
export const ModelEndingSchema = openObject({
  day: z.string().describe('The day on which the base model ends, and with it what was tuned of it.'),
  source: z.string().describe('Who says so, and when that was seen.'),
  daysLeft: z.number().describe('Days from `asOf` to that day; 0 once it has come.'),
  asOf: z.string().describe('The day on which this was written: at first when the model is registered.'),
  message: z.string().describe('The same for people, and what to do.'),
  successor: z
    .string()
    .optional()
    .describe('The base model to tune next; absent where none is known that is tuned in the same way.'),
  retuneManifest: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The manifest that tunes the successor on the same data: upload it as `tune.json`.'),
  leftOut: z
    .array(z.string())
    .optional()
    .describe('Keys of the old manifest that it does not have, since the successor does not take them.'),
});
export type ModelEnding = z.infer<typeof ModelEndingSchema>;

/** `models/{modelId}.told`: the last notice of its end that was published. */
export const ToldNoticeSchema = openObject({
  day: z.string().describe('The end that it told.'),
  notice: z
    .number()
    .describe('The days before it that were due to be told: 90, 30, 7; 0: that it has ended.'),
  time: z.string().describe('When it was published.'),
});
export type ToldNotice = z.infer<typeof ToldNoticeSchema>;

/** What of a tuned model says when it ends, and what was told of that. */
export interface MortalModel {
  baseModel: string;
  createTime: string;
  told?: ToldNotice | undefined;
  /** Since when it is known that the registry has it no more. */
  goneTime?: string | undefined;
}

/** Where the notices of a tuned model are on a day. */
export interface DueNotice {
  end: DatedDay;
  daysLeft: number;
  /** The notice that is to be told now; undefined where none is. */
  notice: number | undefined;
  /** When there is one to tell, RFC 3339 UTC: in the past while `notice` is not told; undefined after the last. */
  nextNoticeAt: string | undefined;
}

/**
 * The notices of a model on a day (ISO 8601); undefined where no end is known. One that was made after the end of its base has none:
 * whoever tuned it was told so at the upload, and the cloud that it lives in goes on beyond that day.
 */
export function dueNotice(model: MortalModel, today: string): DueNotice | undefined {
  const base = findModel(model.baseModel);
  const end = base && endOfTunedModels(base);
  if (end === undefined || model.goneTime !== undefined) return undefined;
  if (model.createTime.slice(0, 10) >= end.day) return undefined;
  const daysLeft = Math.max(0, daysBetween(today, end.day));
  const told = model.told?.day === end.day ? model.told.notice : Number.POSITIVE_INFINITY;
  const reached = NOTICES.findLast((notice) => daysLeft <= notice);
  const notice = reached !== undefined && reached < told ? reached : undefined;
  return { end, daysLeft, notice, nextNoticeAt: noticeAfter(told, end) };
}

/** When the first notice after the one that was told is due. */
export function noticeAfter(told: number, { day }: Pick<DatedDay, 'day'>): string | undefined {
  const next = NOTICES.find((notice) => notice < told);
  if (next === undefined) return undefined;
  return new Date(Date.parse(day) - next * 86_400_000).toISOString();
}

/** What is noted of a model after a look at its end; what is not there is taken away. */
export interface EndingNote {
  /** The version that was looked at. */
  version: string;
  ending?: ModelEnding | undefined;
  /** The notice that was just published; what was told before stays. */
  told?: ToldNotice | undefined;
  nextNoticeAt?: string | undefined;
  goneTime?: string | undefined;
}

/** The fields of a model's document that a look at its end writes; undefined is taken away. */
export type EndingFields = Partial<Omit<EndingNote, 'version'>>;

/**
 * What a note changes in the document as it is now; undefined: nothing. A version that was registered meanwhile keeps what was written
 * with it, and a notice that another tick told stays told.
 */
export function decideNoted(
  current: { version: string; told?: ToldNotice | undefined } | undefined,
  { version, told, ...note }: EndingNote,
): EndingFields | undefined {
  if (current === undefined) return undefined;
  const before = current.told;
  if (told !== undefined && before?.day === told.day && before.notice <= told.notice) return undefined;
  const tells = told && { told };
  if (current.version !== version) return tells && { ...tells, nextNoticeAt: note.nextNoticeAt };
  const { ending, nextNoticeAt, goneTime } = note;
  return { ending, ...tells, nextNoticeAt, goneTime };
}
