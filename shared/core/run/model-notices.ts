import type { ModelEnding } from '../tuning/ending.ts';
import { type ModelDocument, modelId } from '../tuning/results.ts';
import type { ChangeMessage, Database } from './changes.ts';

/** What is published of a tuned model that ends, on the topic of the runs: one CloudEvent for each notice. */

export const MODEL_ENDING_TYPE = 'dev.tunedrop.model.ending.v1';

/** A CloudEvent 1.0. */
export interface ModelNotice {
  specversion: '1.0';
  type: typeof MODEL_ENDING_TYPE;
  /** The database of the model documents. */
  source: string;
  /** The model document in it. */
  subject: string;
  /** The model, its end and the notice: the same notice always has the same id. */
  id: string;
  time: string;
  datacontenttype: 'application/json';
  data: ModelNoticeData;
}

export interface ModelNoticeData {
  /** Resource name, without a version. */
  model: string;
  version: string;
  displayName: string;
  baseModel: string;
  region: string;
  /** The run that made its latest version. */
  runId: string;
  /** 90, 30 or 7 days before the end; 0: it has ended. */
  notice: number;
  day: string;
  daysLeft: number;
  source: string;
  message: string;
  successor?: string | undefined;
  retuneManifest?: Record<string, unknown> | undefined;
  leftOut?: string[] | undefined;
  /** Resource name of the model document. */
  document: string;
}

/** One notice of a model's end. `time` is RFC 3339 UTC. */
export function modelNotice(
  model: ModelDocument,
  { ending, notice, time }: { ending: ModelEnding; notice: number; time: string },
  { project, database }: Database,
): ModelNotice {
  const path = `projects/${project}/databases/${database}`;
  const id = modelId(model.model);
  const { version, displayName, baseModel, region, runId } = model;
  const { day, daysLeft, source, message, successor, retuneManifest, leftOut } = ending;
  return {
    specversion: '1.0',
    type: MODEL_ENDING_TYPE,
    source: `//firestore.googleapis.com/${path}`,
    subject: `models/${id}`,
    id: `model-${id}-${day}-${notice}`,
    time,
    datacontenttype: 'application/json',
    data: {
      ...{ model: model.model, version, displayName, baseModel, region, runId },
      ...{ notice, day, daysLeft, source, message, successor, retuneManifest, leftOut },
      document: `${path}/documents/models/${id}`,
    },
  };
}

/** A notice as Pub/Sub carries it, as the changes of runs are. No run has these attributes, so that a filter tells them apart. */
export function noticeMessageOf(notice: ModelNotice): ChangeMessage {
  return {
    data: JSON.stringify(notice),
    attributes: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      model: notice.subject.split('/')[1] ?? '',
      notice: String(notice.data.notice),
    },
    orderingKey: notice.subject,
  };
}
