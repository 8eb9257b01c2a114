import { readableRun } from '../../shared/core/run/versions.ts';
import type { HowToCall } from '../../shared/core/tuning/how-to-call.ts';
import type { ModelDocument } from '../../shared/core/tuning/results.ts';
import { localMinute } from '../command-line/local-time.ts';
import { countOf, shortId, tableLines } from '../command-line/text.ts';
import type { FoundDeployment } from '../deployment/find.ts';
import { tunedModels } from '../deployment/models.ts';
import { deploymentLine, type OpenDeployment } from '../deployment/open.ts';

interface TunedModel {
  model: ModelDocument;
  howToCall: HowToCall | undefined;
}

/** The tuned models of a deployment, each with how it is called as its run says it. */
export async function readTuned({ documents }: Pick<OpenDeployment, 'documents'>): Promise<TunedModel[]> {
  const models = await tunedModels(documents);
  if (models.length === 0) return [];
  const runs = await documents.get(models.map(({ runId }) => `runs/${runId}`));
  return models.map((model, index) => ({
    model,
    howToCall: readableRun(runs[index]?.data)?.status.howToCall,
  }));
}

const HEADER = ['NAME', 'BASE MODEL', 'TUNED', 'LIVES UNTIL', 'RUN'];

/** The table as people read it. */
export function showTuned(tuned: readonly TunedModel[], deployment: FoundDeployment): string {
  const lines = tableLines([HEADER, ...tuned.map(({ model }) => cellsOf(model))]);
  const count = tuned.length === 0 ? 'no tuned model' : countOf(tuned.length, 'tuned model');
  const ask = 'Ask one: npx tunedrop ask NAME "YOUR PROMPT". For curl and the SDKs: npx tunedrop status RUN.';
  return [
    `${deploymentLine(deployment)}: ${count}`,
    ...(tuned.length === 0 ? [] : ['', ...lines, '', ask]),
    '',
  ].join('\n');
}

function cellsOf({ displayName, baseModel, createTime, ending, goneTime, runId }: ModelDocument): string[] {
  const until = goneTime === undefined ? (ending?.day ?? 'no day known') : 'deleted';
  return [displayName, baseModel, localMinute(createTime), until, shortId(runId)];
}

/** For programs; what is not known is null. */
export function tunedJson(tuned: readonly TunedModel[], { project }: FoundDeployment) {
  return {
    project,
    models: tuned.map(({ model, howToCall }) => ({ ...model, howToCall: howToCall ?? null })),
  };
}
