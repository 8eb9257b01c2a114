import type { Model } from '../models/models.ts';
import { sourceText } from '../models/sources.ts';
import { successorOf } from '../models/successor.ts';
import type { TuningMethod } from '../models/tuning-models.ts';
import { type DueNotice, dueNotice, type ModelEnding } from '../tuning/ending.ts';
import type { ModelDocument } from '../tuning/results.ts';
import { type Retune, retuneOn } from '../tuning/retune.ts';
import type { Run } from './run.ts';

/** The end of a tuned model in words, with the manifest of its run made anew for the model that comes after its base. */

/** What `models/{modelId}` says of an end that is known. Where the document of its run is gone, what was made of it before is kept. */
export function endingOf(
  model: Pick<ModelDocument, 'displayName' | 'model' | 'baseModel' | 'ending'>,
  { end, daysLeft }: Pick<DueNotice, 'end' | 'daysLeft'>,
  { run, today }: { run: Run | undefined; today: string },
): ModelEnding {
  const successor = successorOf(model.baseModel, { today, method: methodOf(run) });
  const retune = run ? retuneOf(run, successor) : retuneOfBefore(model.ending, successor);
  const named = { name: model.displayName || model.model, base: model.baseModel, day: end.day };
  return {
    ...{ day: end.day, source: sourceText(end.source), daysLeft, asOf: today },
    message: `${whenText(named, daysLeft)} ${remedyText(successor?.reference, retune)}`,
    successor: successor?.reference,
    retuneManifest: retune?.manifest,
    leftOut: retune && retune.leftOut.length > 0 ? retune.leftOut : undefined,
  };
}

/** The document of a model that was just registered, with its end as far as it is known: what was told of it before stays. */
export function withEnding(model: ModelDocument, run: Run, today: string): ModelDocument {
  const due = dueNotice(model, today);
  const ending = due && endingOf(model, due, { run, today });
  return { ...model, ending, nextNoticeAt: due?.nextNoticeAt, goneTime: undefined };
}

function retuneOf({ spec }: Run, successor: Model | undefined): Retune | undefined {
  const { manifest, source, plan } = spec;
  if (successor === undefined || manifest === undefined) return undefined;
  return retuneOn(successor, { manifest, uri: source.uri, trainExamples: plan?.training.examples });
}

function retuneOfBefore(before: ModelEnding | undefined, successor: Model | undefined): Retune | undefined {
  if (before?.retuneManifest === undefined || before.successor !== successor?.reference) return undefined;
  return { manifest: before.retuneManifest, leftOut: before.leftOut ?? [] };
}

function methodOf(run: Run | undefined): TuningMethod | undefined {
  const plan = run?.spec.plan;
  return plan?.backend === 'tuningJobs' ? plan.method : undefined;
}

function whenText({ name, base, day }: { name: string; base: string; day: string }, daysLeft: number) {
  if (daysLeft === 0) return `The tuned model ${name} has ended on ${day} with its base model ${base}.`;
  const days = daysLeft === 1 ? '1 day' : `${daysLeft} days`;
  return `The tuned model ${name} ends in ${days}, on ${day}, with its base model ${base}.`;
}

function remedyText(successor: string | undefined, retune: Retune | undefined): string {
  if (successor === undefined)
    return 'No model is known that comes after it and is tuned in the same way: choose one in docs/models.md.';
  if (retune === undefined) return `Tune ${successor} instead: no manifest could be made for it.`;
  const without = retune.leftOut.length > 0 ? `, without ${retune.leftOut.join(', ')}` : '';
  return `Upload retuneManifest as tune.json to tune ${successor} on the same data${without}.`;
}
