import type { SharedInstruction } from '../../shared/core/dataset/statistics.ts';
import type { QuestionRequest } from '../../shared/core/evaluation/question.ts';
import { requestOf } from '../../shared/core/evaluation/request.ts';
import type { Model } from '../../shared/core/models/models.ts';
import { vertexHost } from '../../shared/core/models/regions.ts';
import type { CallApi } from '../deployment/call.ts';
import type { FoundDeployment } from '../deployment/find.ts';
import type { Asked, AskedModel } from './asked.ts';

/** What one model answered, or why it did not. */
export interface Answer {
  role: AskedModel['role'];
  model: string;
  baseModel: string;
  prompt: string;
  systemInstruction: string | null;
  answer: string | null;
  error?: string;
}

interface AskOptions {
  prompt: string;
  /** Whether the prompt is sent without what the training data begins with. */
  isPlain: boolean;
  tokens: number;
  call: CallApi;
  deployment: Pick<FoundDeployment, 'local'>;
}

/** Asks every model the same at once; one that does not answer keeps no other from it. */
export function askAll({ models, shared }: Asked, options: AskOptions): Promise<Answer[]> {
  const question = questionOf(options, shared);
  return Promise.all(
    models.map(async (model) => {
      const { role, name, base } = model;
      const { prompt, systemInstruction = null } = question;
      const said = { role, model: name, baseModel: base.reference, prompt, systemInstruction };
      try {
        return { ...said, answer: await askOne(model, question, options) };
      } catch (error) {
        return { ...said, answer: null, error: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

interface Question {
  prompt: string;
  systemInstruction: string | undefined;
}

/** As the examples of the training data look; whoever has typed their beginning already gets it once. */
function questionOf({ prompt, isPlain }: AskOptions, shared: SharedInstruction | undefined): Question {
  const { systemInstruction, promptBeginning = '' } = isPlain ? {} : (shared ?? {});
  return {
    prompt: prompt.startsWith(promptBeginning) ? prompt : `${promptBeginning}${prompt}`,
    systemInstruction: systemInstruction || undefined,
  };
}

async function askOne(asked: AskedModel, question: Question, options: AskOptions): Promise<string> {
  const { name, location, base } = asked;
  const { call, deployment, tokens: maxOutputTokens } = options;
  const origin = deployment.local ? deployment.local.vertex : `https://${vertexHost(location)}`;
  if (origin === '') throw new Error('VERTEX_AI_ENDPOINT is not set beside the emulators: who is to answer?');
  const settings = { model: name, baseModel: base.reference, maxOutputTokens };
  // An embedding takes no settings.
  const { verb, body } =
    base.kind === 'embedding'
      ? { verb: 'predict', body: { instances: [{ content: question.prompt }] } }
      : requestOf({ request: callRequest(base, question) }, settings);
  const url = `${origin}/v1/${name}:${verb}`;
  const answer = await (
    await call({ method: 'POST', url, body, doing: 'asking the model', isRepeatable: true })
  ).json();
  if (verb === 'predict') return predicted((answer as PredictAnswer).predictions?.[0]);
  const { candidates } = answer as GenerateAnswer;
  return candidates?.[0]?.content?.parts?.map(({ text = '' }) => text).join('') ?? '';
}

/** As Google's SDK for Python 1.60 sends them. */
function callRequest({ backend, kind }: Model, { prompt, systemInstruction }: Question): QuestionRequest {
  if (backend === 'tuningJobs') {
    const contents = [{ role: 'user', parts: [{ text: prompt }] }];
    const system = systemInstruction === undefined ? undefined : { parts: [{ text: systemInstruction }] };
    return { generate: { systemInstruction: system, contents } };
  }
  if (kind === 'chat' || kind === 'codechat')
    return { instance: { context: systemInstruction, messages: [{ author: 'user', content: prompt }] } };
  return { instance: kind === 'code' ? { prefix: prompt } : { content: prompt } };
}

function predicted(prediction: Prediction | undefined): string {
  const values = prediction?.embeddings?.values;
  if (values) return `${values.length} numbers, beginning with ${values.slice(0, 4).join(', ')}`;
  return prediction?.content ?? prediction?.candidates?.[0]?.content ?? '';
}

interface GenerateAnswer {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}

interface Prediction {
  content?: string;
  candidates?: { content: string }[];
  embeddings?: { values?: number[] };
}

interface PredictAnswer {
  predictions?: Prediction[];
}
