import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { findModel } from '../models/models.ts';
import type { PipelineModel } from '../models/pipeline-models.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import type { TuningResult } from './results.ts';

/** `status.howToCall`: the tuned model, ready to be asked by copy and paste. */
export const HowToCallSchema = openObject({
  first: z.string().optional().describe('What has to be done before, such as deploying the model.'),
  curl: z.string().describe('For a shell with gcloud.'),
  python: z.string().optional().describe('For Google’s SDK for Python.'),
  typescript: z.string().optional().describe('For Google’s SDK for JavaScript and TypeScript.'),
});
export type HowToCall = z.infer<typeof HowToCallSchema>;

type Kind = PipelineModel['kind'];

/** Bodies as Google's SDK for Python 1.60 sends them to `:predict` (`_language_models.py`). */
const INSTANCES: Record<Kind, object> = {
  text: { content: 'YOUR PROMPT' },
  code: { prefix: 'YOUR PROMPT' },
  chat: { messages: [{ author: 'user', content: 'YOUR PROMPT' }] },
  codechat: { messages: [{ author: 'user', content: 'YOUR PROMPT' }] },
  embedding: { content: 'YOUR TEXT' },
};

/** Generation settings that the SDK sends; an embedding has none. */
const PARAMETERS: Record<Kind, object | undefined> = {
  text: { temperature: 0, maxOutputTokens: 128 },
  code: { temperature: 0, maxOutputTokens: 128 },
  chat: { temperature: 0, maxOutputTokens: 128 },
  codechat: { temperature: 0, maxOutputTokens: 128 },
  embedding: undefined,
};

/** Class of the SDK, and how it is asked. Guide: "Load a tuned text model". */
const PYTHON: Record<Exclude<Kind, 'embedding'>, { type: string; ask: string[] }> = {
  text: { type: 'TextGenerationModel', ask: ['print(model.predict("YOUR PROMPT").text)'] },
  code: { type: 'CodeGenerationModel', ask: ['print(model.predict(prefix="YOUR PROMPT").text)'] },
  chat: { type: 'ChatModel', ask: ['print(model.start_chat().send_message("YOUR PROMPT").text)'] },
  codechat: { type: 'CodeChatModel', ask: ['print(model.start_chat().send_message("YOUR PROMPT").text)'] },
};

/** Stands where the reader has to put the endpoint that does not exist yet. */
const NO_ENDPOINT = 'ENDPOINT';

export interface CallOptions {
  baseModel: string;
  project: string;
  /** In place of Google's host: the embedded cloud, whose tokens nobody checks. */
  origin?: string | undefined;
}

/**
 * How to ask the model of a result; undefined for a base model that the table does not have, and where the embedded cloud has not
 * deployed it, because there is nobody to create an endpoint there.
 */
export function howToCall(
  result: TuningResult,
  { baseModel, project, origin }: CallOptions,
): HowToCall | undefined {
  const base = findModel(baseModel);
  if (base?.backend === 'tuningJobs') return howToGenerate(result, base, { project, origin });
  const kind = base?.kind;
  if (!kind || (origin && !result.endpoint)) return undefined;
  const region = result.model.split('/')[3] ?? '';
  const endpoint = result.endpoint ?? `projects/${project}/locations/${region}/endpoints/${NO_ENDPOINT}`;
  return {
    first: result.endpoint ? undefined : deployment(result, region),
    curl: curl(kind, endpoint, origin),
    python: origin ? undefined : python(kind, { result, endpoint, project, region }),
  };
}

function curl(kind: Kind, endpoint: string, origin: string | undefined): string {
  const region = endpoint.split('/')[3] ?? '';
  const parameters = PARAMETERS[kind];
  const body = { instances: [INSTANCES[kind]], parameters };
  const token = origin ? 'local' : '$(gcloud auth print-access-token)';
  return [
    'curl -X POST \\',
    `  -H "Authorization: Bearer ${token}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '${JSON.stringify(body)}' \\`,
    `  "${origin ?? `https://${region}-aiplatform.googleapis.com`}/v1/${endpoint}:predict"`,
  ].join('\n');
}

function python(
  kind: Kind,
  {
    result,
    endpoint,
    project,
    region,
  }: Record<'endpoint' | 'project' | 'region', string> & { result: TuningResult },
): string {
  if (kind === 'embedding') {
    return [
      'from google.cloud import aiplatform',
      `aiplatform.init(project="${project}", location="${region}")`,
      `print(aiplatform.Endpoint("${endpoint}").predict(instances=[${JSON.stringify(INSTANCES[kind])}]).predictions)`,
    ].join('\n');
  }
  const { type, ask } = PYTHON[kind];
  return [
    'import vertexai',
    `from vertexai.preview.language_models import ${type}`,
    `vertexai.init(project="${project}", location="${region}")`,
    `model = ${type}.get_tuned_model("${result.model}")`,
    ...ask,
  ].join('\n');
}

/** Embedding models are uploaded and not deployed. Which machine serves them is the reader's to choose, and to pay. */
function deployment({ model }: TuningResult, region: string): string {
  return [
    `gcloud ai endpoints create --region=${region} --display-name=tuned-model`,
    `gcloud ai endpoints deploy-model ${NO_ENDPOINT} --region=${region} --model=${model.split('/').at(-1)} --display-name=tuned-model --machine-type=MACHINE_TYPE`,
  ].join('\n');
}

/** What deploys a tuned Gemini model: its endpoint is shared and costs nothing by the hour. */
export function deployCommands(model: string): string {
  const [name = model, region = ''] = [model.split('/').at(-1), model.split('/')[3]];
  return [
    `gcloud ai endpoints create --region=${region} --display-name=tuned-model`,
    `gcloud ai endpoints deploy-model ${NO_ENDPOINT} --region=${region} --model=${name.split('@')[0]} --display-name=tuned-model`,
  ].join(' && ');
}

/** Where a tuned model answers, and the name that its endpoint has there. */
function servingAt(
  endpoint: string,
  model: TuningModel,
): { host: string; endpoint: string; location: string } {
  const [, , , region = '', , id = ''] = endpoint.split('/');
  if (model.serving !== 'multiRegion') {
    return { host: `${region}-aiplatform.googleapis.com`, endpoint, location: region };
  }
  const location = region.startsWith('europe-') ? 'eu' : 'us';
  const renamed = endpoint.replace(`/locations/${region}/`, `/locations/${location}/`);
  return { host: `aiplatform.${location}.rep.googleapis.com`, endpoint: id && renamed, location };
}

/** Tuned Gemini models are asked with `generateContent`; an open model leaves weights, and is served by whoever deploys them. */
function howToGenerate(
  result: TuningResult,
  model: TuningModel,
  { project, origin }: { project: string; origin?: string | undefined },
): HowToCall | undefined {
  if (model.serving === 'none' || (origin && !result.endpoint)) return undefined;
  const region = result.model.split('/')[3] ?? '';
  const named = result.endpoint ?? `projects/${project}/locations/${region}/endpoints/${NO_ENDPOINT}`;
  const { host, endpoint, location } = servingAt(named, model);
  const thinkingConfig = model.thinking;
  const generationConfig = thinkingConfig && { thinkingConfig };
  const body = { contents: [{ role: 'user', parts: [{ text: 'YOUR PROMPT' }] }], generationConfig };
  const token = origin ? 'local' : '$(gcloud auth print-access-token)';
  const settings = JSON.stringify({ thinkingConfig });
  return {
    first: result.endpoint ? undefined : deployCommands(result.model),
    curl: [
      'curl -X POST \\',
      `  -H "Authorization: Bearer ${token}" \\`,
      '  -H "Content-Type: application/json" \\',
      `  -d '${JSON.stringify(body)}' \\`,
      `  "${origin ?? `https://${host}`}/v1/${endpoint}:generateContent"`,
    ].join('\n'),
    python: origin
      ? undefined
      : [
          'from google import genai',
          `client = genai.Client(vertexai=True, project="${project}", location="${location}")`,
          `print(client.models.generate_content(model="${endpoint}", contents="YOUR PROMPT", config=${pythonConfig(model)}).text)`,
        ].join('\n'),
    typescript: origin
      ? undefined
      : [
          'import { GoogleGenAI } from "@google/genai";',
          `const ai = new GoogleGenAI({ vertexai: true, project: "${project}", location: "${location}" });`,
          `const answer = await ai.models.generateContent({ model: "${endpoint}", contents: "YOUR PROMPT", config: ${settings} });`,
          'console.log(answer.text);',
        ].join('\n'),
  };
}

/** The SDK for Python has names in snake_case. */
function pythonConfig({ thinking }: TuningModel): string {
  const snake = Object.entries(thinking ?? {}).map(([name, value]): [string, unknown] => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return JSON.stringify({ thinking_config: Object.fromEntries(snake) });
}
