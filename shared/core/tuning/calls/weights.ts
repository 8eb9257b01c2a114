import { type CallText, curlCommand, quoted } from './text.ts';

/** Weights of an open model, which nobody serves yet. */
export interface WeightsCall {
  weights: string;
  project: string;
  /** Where the job ran. */
  region: string;
  text: CallText;
}

/** `global` is where a job runs and no place for machines. */
const placeOf = (region: string) => (region === 'global' ? 'REGION' : region);

/**
 * Google Cloud, "Deploy models with custom weights" (Preview), and Google's own tuning skill (2026-08-21), which deploys the same
 * directory. Which machine serves them, and is paid by the hour, Google chooses where the command names none.
 */
export function deployWeights({ weights, project, region }: WeightsCall): string {
  return `gcloud ai model-garden models deploy --project=${project} --region=${placeOf(region)} --model=${quoted(weights)}`;
}

/** How the same page asks them; host and ids are those of the new endpoint, which has a host of its own. */
export function curlWeights({ project, region, text }: WeightsCall): string {
  const { systemInstruction, prompt } = text;
  const system = systemInstruction === undefined ? [] : [{ role: 'system', content: systemInstruction }];
  return curlCommand({
    origin: 'https://ENDPOINT_URL',
    path: `/v1beta1/projects/${project}/locations/${placeOf(region)}/endpoints/ENDPOINT_ID/chat/completions`,
    body: { model: 'MODEL_ID', messages: [...system, { role: 'user', content: prompt }] },
    isLocal: false,
  });
}
