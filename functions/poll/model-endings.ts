import { asTuneError } from '../../shared/core/errors/errors.ts';
import type { Database } from '../../shared/core/run/changes.ts';
import { endingOf } from '../../shared/core/run/model-ending.ts';
import { modelNotice } from '../../shared/core/run/model-notices.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type DueNotice, dueNotice, noticeAfter } from '../../shared/core/tuning/ending.ts';
import type { ModelDocument } from '../../shared/core/tuning/results.ts';
import type {
  Clock,
  Logger,
  ModelRegistry,
  NoticePublisher,
  RunStore,
  TunedModels,
} from '../../shared/ports.ts';

export interface ModelEndingsDeps {
  tunedModels: TunedModels;
  /** Vertex AI's registry. */
  models: ModelRegistry;
  notices: NoticePublisher;
  runs: RunStore;
  clock: Clock;
  logger: Logger;
  database: Database;
}

/** Models that are looked at in a tick; where there are more, the next tick goes on. */
const PAGE = 100;
/** Of those, as many at the same time. */
const PARALLEL = 10;
/** After a look that failed in part. */
const AGAIN_MS = 3_600_000;

/**
 * Tells in time when tuned models end. Once a UTC day the models whose next notice is due are asked for, which is one read where none
 * is. At an instance's first tick all models are gone through instead, page by page: a deployment may have brought a catalogue that
 * knows other days, and models of earlier versions say nothing of their end.
 */
export function createModelEndingsLook(deps: ModelEndingsDeps): (isOver: () => boolean) => Promise<void> {
  let nextAt = 0;
  let walk: { after: string | undefined } | undefined = { after: undefined };
  return async (isOver) => {
    const now = deps.clock.now();
    if (now.getTime() < nextAt) return;
    try {
      const page = await pageOf(deps, walk, now.toISOString());
      const looked = await lookAtAll(deps, page.models, isOver);
      if (looked === 'over') return;
      if (looked === 'failed') {
        nextAt = now.getTime() + AGAIN_MS;
        return;
      }
      if (walk) walk = page.next === undefined ? undefined : { after: page.next };
      if (page.next === undefined) nextAt = endOfDay(now);
    } catch (thrown) {
      deps.logger.thrown('part of this tick failed; the next one does it', thrown, { part: 'model endings' });
    }
  };
}

const endOfDay = (now: Date) => Date.parse(now.toISOString().slice(0, 10)) + 86_400_000;

/** The models to look at now; `next` is there while more follow. */
async function pageOf(
  { tunedModels }: ModelEndingsDeps,
  walk: { after: string | undefined } | undefined,
  now: string,
): Promise<{ models: ModelDocument[]; next?: string | undefined }> {
  if (walk) return tunedModels.page(walk.after, PAGE);
  const models = await tunedModels.dueForNotice(now, PAGE);
  return { models, next: models.length < PAGE ? undefined : now };
}

/** What one model meets keeps no other from being told. */
async function lookAtAll(
  deps: ModelEndingsDeps,
  models: readonly ModelDocument[],
  isOver: () => boolean,
): Promise<'done' | 'failed' | 'over'> {
  let failed = false;
  for (let at = 0; at < models.length; at += PARALLEL) {
    if (isOver()) return 'over';
    const some = models.slice(at, at + PARALLEL).map((one) =>
      lookAt(deps, one).catch((thrown) => {
        failed = true;
        deps.logger.thrown('the end of a model could not be told; it is tried again', thrown, {
          model: one.model,
        });
      }),
    );
    await Promise.all(some);
  }
  return failed ? 'failed' : 'done';
}

/** A notice is published before it is noted: after a crash in between it is published once more, under the same id. */
async function lookAt(deps: ModelEndingsDeps, model: ModelDocument): Promise<void> {
  const { tunedModels, notices, clock, logger, database } = deps;
  const time = clock.now().toISOString();
  const today = time.slice(0, 10);
  const due = dueNotice(model, today);
  if (isAsWritten(model, due)) return;
  const { version } = model;
  if (due === undefined) return tunedModels.note(model.model, { version });
  if (await isGone(deps, model, due)) return tunedModels.note(model.model, { version, goneTime: time });
  const { notice, nextNoticeAt, end } = due;
  const ending = endingOf(model, due, { run: await readRun(deps, model.runId), today });
  if (notice === undefined) return tunedModels.note(model.model, { version, ending, nextNoticeAt });
  await notices.publish(modelNotice(model, { ending, notice, time }, database));
  const told = { day: end.day, notice, time };
  const after = noticeAfter(notice, end);
  await tunedModels.note(model.model, { version, ending, told, nextNoticeAt: after });
  logger.info('the end of a model was told', { model: model.model, day: end.day, notice });
}

/** Whether the document says what a look would write; the days that are left change with every notice alone. */
function isAsWritten({ ending, nextNoticeAt }: ModelDocument, due: DueNotice | undefined): boolean {
  return due?.notice === undefined && ending?.day === due?.end.day && nextNoticeAt === due?.nextNoticeAt;
}

/**
 * Nobody is told of a model that somebody has deleted. Google may take a model away at its end, which is told; where the registry
 * cannot be asked, so is everything else.
 */
async function isGone(
  { models, logger }: ModelEndingsDeps,
  { model }: ModelDocument,
  { notice = 0 }: DueNotice,
): Promise<boolean> {
  if (notice === 0) return false;
  try {
    return (await models.read(model)) === undefined;
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'soon') throw thrown;
    logger.thrown('the model could not be read from the registry', thrown, { model });
    return false;
  }
}

/** A document that cannot be read says nothing of its manifest; the end of its model is told all the same. */
async function readRun({ runs, logger }: ModelEndingsDeps, runId: string): Promise<Run | undefined> {
  try {
    return await runs.get(runId);
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'soon') throw thrown;
    logger.thrown('the run of a model could not be read', thrown, { runId });
    return undefined;
  }
}
