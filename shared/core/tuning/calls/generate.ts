import { multiRegionOf, vertexHost } from '../../models/regions.ts';
import type { TuningModel } from '../../models/tuning-models.ts';
import { type CallText, curlCommand, literal } from './text.ts';

/** Where a tuned Gemini model answers, and the name that its endpoint has there. */
export interface Serving {
  host: string;
  endpoint: string;
  location: string;
}

/**
 * Google Cloud, "Use a tuned model": tuned Gemini 3 answers on the multi-regions `us` and `eu` alone, under their name; so does
 * the endpoint of each of its checkpoints.
 */
export function servingOf(endpoint: string, { serving }: TuningModel): Serving {
  const region = endpoint.split('/')[3] ?? '';
  const location = serving === 'multiRegion' ? multiRegionOf(region) : region;
  const renamed = endpoint.replace(`/locations/${region}/`, `/locations/${location}/`);
  return { host: vertexHost(location), endpoint: renamed, location };
}

/** Which tuned model is asked, and with what. */
export interface GenerateCall {
  endpoint: string;
  model: TuningModel;
  text: CallText;
}

/** The command that asks a tuned Gemini model. */
export function curlGenerate({ endpoint, model, text }: GenerateCall, origin: string | undefined): string {
  const served = servingOf(endpoint, model);
  const { systemInstruction, prompt } = text;
  const { thinking } = model;
  return curlCommand({
    origin: origin ?? `https://${served.host}`,
    path: `/v1/${served.endpoint}:generateContent`,
    body: {
      systemInstruction: systemInstruction && { parts: [{ text: systemInstruction }] },
      contents: [{ role: 'user', parts: [{ text: prompt }] }],
      generationConfig: thinking && { thinkingConfig: thinking },
    },
    isLocal: origin !== undefined,
  });
}

/** The same for google-genai, Google's SDK for Python. */
export function pythonGenerate({ endpoint, model, text }: GenerateCall, project: string): string {
  const served = servingOf(endpoint, model);
  const config = inSnakeCase({ systemInstruction: text.systemInstruction, thinkingConfig: model.thinking });
  return [
    'from google import genai',
    `client = genai.Client(vertexai=True, project="${project}", location="${served.location}")`,
    `print(client.models.generate_content(model="${served.endpoint}", contents=${literal(text.prompt)}, config=${literal(config)}).text)`,
  ].join('\n');
}

/** The same for @google/genai, Google's SDK for JavaScript and TypeScript. */
export function typescriptGenerate({ endpoint, model, text }: GenerateCall, project: string): string {
  const served = servingOf(endpoint, model);
  const { systemInstruction } = text;
  const config = [
    ...(systemInstruction === undefined ? [] : [`systemInstruction: ${literal(systemInstruction)}`]),
    ...(model.thinking === undefined ? [] : [`thinkingConfig: ${typescriptThinking(model.thinking)}`]),
  ].join(', ');
  return [
    `import { GoogleGenAI${model.thinking && 'thinkingLevel' in model.thinking ? ', ThinkingLevel' : ''} } from "@google/genai";`,
    `const ai = new GoogleGenAI({ vertexai: true, project: "${project}", location: "${served.location}" });`,
    `const answer = await ai.models.generateContent({ model: "${served.endpoint}", contents: ${literal(text.prompt)}, config: { ${config} } });`,
    'console.log(answer.text);',
  ].join('\n');
}

/** The SDK takes a level as a member of its enum, and not as a text. */
function typescriptThinking(thinking: NonNullable<TuningModel['thinking']>): string {
  return 'thinkingLevel' in thinking
    ? `{ thinkingLevel: ThinkingLevel.${thinking.thinkingLevel} }`
    : literal(thinking);
}

/** The SDK for Python has names in snake_case. */
function inSnakeCase(config: object): object {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]): [string, unknown] => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      typeof value === 'object' && value !== null ? inSnakeCase(value) : value,
    ]),
  );
}
