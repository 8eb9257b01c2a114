import type { PipelineModel } from '../../models/pipeline-models.ts';
import { vertexHost } from '../../models/regions.ts';
import type { TuningResult } from '../results.ts';
import { type CallText, curlCommand, literal } from './text.ts';

type Kind = PipelineModel['kind'];

/** Bodies as Google's SDK for Python 1.60 sends them to `:predict` (`_language_models.py`). */
const INSTANCES: Record<Kind, (text: CallText) => object> = {
  text: ({ prompt }) => ({ content: prompt }),
  code: ({ prompt }) => ({ prefix: prompt }),
  chat: conversation,
  codechat: conversation,
  embedding: () => ({ content: 'YOUR TEXT' }),
};

function conversation({ systemInstruction, prompt }: CallText): object {
  return { context: systemInstruction, messages: [{ author: 'user', content: prompt }] };
}

/** Generation settings that the SDK sends; an embedding has none. */
const PARAMETERS: Record<Kind, object | undefined> = {
  text: { temperature: 0, maxOutputTokens: 128 },
  code: { temperature: 0, maxOutputTokens: 128 },
  chat: { temperature: 0, maxOutputTokens: 128 },
  codechat: { temperature: 0, maxOutputTokens: 128 },
  embedding: undefined,
};

/** Class of the SDK, and how it is asked. Guide: "Load a tuned text model". */
const PYTHON: Record<Exclude<Kind, 'embedding'>, { type: string; ask: (text: CallText) => string }> = {
  text: { type: 'TextGenerationModel', ask: ({ prompt }) => `predict(${literal(prompt)})` },
  code: { type: 'CodeGenerationModel', ask: ({ prompt }) => `predict(prefix=${literal(prompt)})` },
  chat: { type: 'ChatModel', ask: startChat },
  codechat: { type: 'CodeChatModel', ask: startChat },
};

function startChat({ systemInstruction, prompt }: CallText): string {
  const context = systemInstruction === undefined ? '' : `context=${literal(systemInstruction)}`;
  return `start_chat(${context}).send_message(${literal(prompt)})`;
}

/** Which model of a compiled pipeline is asked, and with what. */
export interface PredictCall {
  result: TuningResult;
  endpoint: string;
  project: string;
  text: CallText;
}

/** The command that asks a tuned model of the guide. */
export function curlPredict(
  kind: Kind,
  { endpoint, text }: Pick<PredictCall, 'endpoint' | 'text'>,
  origin: string | undefined,
): string {
  return curlCommand({
    origin: origin ?? `https://${vertexHost(endpoint.split('/')[3] ?? '')}`,
    path: `/v1/${endpoint}:predict`,
    body: { instances: [INSTANCES[kind](text)], parameters: PARAMETERS[kind] },
    isLocal: origin !== undefined,
  });
}

/** The same for Google's SDK for Python, in which the guide's models were. */
export function pythonPredict(kind: Kind, { result, endpoint, project, text }: PredictCall): string {
  const location = endpoint.split('/')[3] ?? '';
  if (kind === 'embedding') {
    return [
      'from google.cloud import aiplatform',
      `aiplatform.init(project="${project}", location="${location}")`,
      `print(aiplatform.Endpoint("${endpoint}").predict(instances=[${literal(INSTANCES[kind](text))}]).predictions)`,
    ].join('\n');
  }
  const { type, ask } = PYTHON[kind];
  return [
    'import vertexai',
    `from vertexai.preview.language_models import ${type}`,
    `vertexai.init(project="${project}", location="${location}")`,
    `model = ${type}.get_tuned_model("${result.model}")`,
    `print(model.${ask(text)}.text)`,
  ].join('\n');
}
