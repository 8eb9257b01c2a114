import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startMetadata } from '../../local/metadata/server.ts';
import { createModelAsker } from '../../shared/adapters/vertex/ask.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import type { ModelAsker } from '../../shared/ports.ts';
import { serviceOptions } from './service-options.ts';

/** What a judge was shown. */
export interface ShownAnswers {
  A: string;
  B: string;
  expected: string;
}

export interface WireModels {
  asker: ModelAsker;
  /** Every question that arrived, as `MODEL QUESTION`; of a judge with the answers as `A|B`. */
  readonly asked: string[];
  /** The path and the body of each question to a judge. */
  readonly judged: { path: string; body: WireBody }[];
  /** What a model answers; a number is the status of a refusal, an object the whole answer. */
  answer: (model: 'tuned' | 'base', prompt: string) => string | number;
  verdict: (shown: ShownAnswers) => string | number | object;
  close(): Promise<void>;
}

export interface WireBody {
  systemInstruction?: { parts: { text: string }[] };
  contents: { parts: { text: string }[] }[];
  generationConfig: Record<string, unknown>;
}

/** Gemini models behind HTTP on this machine, asked by the client that is deployed, with Google's own authentication. */
export async function startWireModels(): Promise<WireModels> {
  const project = { projectId: 'my-project', projectNumber: '123456', email: 'e@example.org' };
  const metadata = await startMetadata({ ...serviceOptions(), ...project });
  process.env.GCE_METADATA_HOST = metadata.address;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  const server = createServer(async (request, response) => {
    const body: WireBody = JSON.parse(await text(request));
    const said = saidTo(models, request.url ?? '', body);
    response.statusCode = typeof said === 'number' ? said : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(typeof said === 'number' ? refusal(said) : generated(said)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const models: WireModels = {
    asker: createModelAsker(createVertexClient(`http://127.0.0.1:${port}`)),
    asked: [],
    judged: [],
    answer: (model) => model,
    verdict: () => '{"better": "TIE"}',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await metadata.close();
    },
  };
  return models;
}

function saidTo(models: WireModels, path: string, body: WireBody): string | number | object {
  const parts = body.contents.flatMap((content) => content.parts.map((part) => part.text));
  if (body.generationConfig.responseSchema === undefined) {
    const model = path.includes('/publishers/') ? 'base' : 'tuned';
    models.asked.push(`${model} ${parts[0]}`);
    return models.answer(model, parts[0] ?? '');
  }
  const after = (name: string) => parts[parts.findIndex((part) => part.startsWith(`<${name}-`)) + 1] ?? '';
  const [A, B, expected] = [after('A'), after('B'), after('expected')];
  models.asked.push(`judge ${after('question')} ${A}|${B}`);
  models.judged.push({ path, body });
  return models.verdict({ A, B, expected });
}

const refusal = (status: number) => ({
  error: { code: status, message: `refused with ${status}`, status: STATUSES[status] },
});

const STATUSES: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
};

const generated = (said: string | object) =>
  typeof said === 'object'
    ? said
    : {
        candidates: [{ content: { role: 'model', parts: [{ text: said }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2, totalTokenCount: 12 },
        modelVersion: 'gemini-2.5-pro',
      };
