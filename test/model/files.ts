/** What people upload in the model. */

export const CANARY = 'wisteria';

const EXAMPLES = 12;

export type Service = 'pipelineJobs' | 'tuningJobs';

/** A data set, in the form of the models of a service; another version has other bytes. */
export function dataSet(service: Service, version: number): string {
  return Array.from({ length: EXAMPLES }, (_, index) => {
    const [input, output] = [`${version} ${CANARY} question ${index}`, `answer ${index} ${CANARY}`];
    return JSON.stringify(service === 'pipelineJobs' ? asText(input, output) : asTurns(input, output));
  }).join('\n');
}

const asText = (input: string, output: string) => ({ input_text: input, output_text: output });
const asTurns = (input: string, output: string) => ({
  contents: [
    { role: 'user', parts: [{ text: input }] },
    { role: 'model', parts: [{ text: output }] },
  ],
});

const BASE_MODELS: Record<Service, string> = {
  pipelineJobs: 'text-bison@002',
  tuningJobs: 'gemini-3.1-flash-lite',
};

export function manifest(service: Service, over: Record<string, unknown> = {}): string {
  return JSON.stringify({ base_model: BASE_MODELS[service], dataset_uri: 'train.jsonl', ...over });
}
