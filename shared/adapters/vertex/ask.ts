import * as z from 'zod';
import type { ModelAnswer, ModelAsker } from '../../ports.ts';
import { askVertex } from './answer.ts';
import { resourceUrl, type VertexCall, type VertexClient } from './client.ts';

const count = z.number().default(0);

/** Of `:generateContent`; a withheld answer has no candidates, or one without content. */
const GeneratedSchema = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        finishReason: z.string().optional(),
        content: z
          .looseObject({
            parts: z
              .array(z.looseObject({ text: z.string().optional(), thought: z.boolean().optional() }))
              .default([]),
          })
          .optional(),
      }),
    )
    .default([]),
  modelVersion: z.string().optional(),
  usageMetadata: z
    .looseObject({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count })
    .optional(),
});

/** Of `:predict`: text and code models have `content`, chat models candidates. */
const PredictedSchema = z.looseObject({
  predictions: z
    .array(
      z.looseObject({
        content: z.string().optional(),
        candidates: z.array(z.looseObject({ content: z.string().default('') })).optional(),
      }),
    )
    .default([]),
});

/** Asks models of Vertex AI over REST. */
export function createModelAsker(vertex: VertexClient): ModelAsker {
  return {
    async ask({ model, verb, body }) {
      const url = `${resourceUrl(model)}:${verb}`;
      const call: VertexCall = { method: 'POST', url, body, doing: 'asking a model' };
      if (verb === 'predict') return predicted(await askVertex(vertex, PredictedSchema, call));
      return generated(await askVertex(vertex, GeneratedSchema, call));
    },
  };
}

function generated({
  candidates,
  usageMetadata: usage,
  modelVersion: answeredBy,
}: z.infer<typeof GeneratedSchema>): ModelAnswer {
  const parts = candidates[0]?.content?.parts ?? [];
  return {
    text: parts.map(({ text = '', thought }) => (thought ? '' : text)).join(''),
    isCut: candidates[0]?.finishReason === 'MAX_TOKENS' || undefined,
    tokens: usage && {
      input: usage.promptTokenCount,
      output: usage.candidatesTokenCount + usage.thoughtsTokenCount,
    },
    answeredBy,
  };
}

function predicted({ predictions: [first] }: z.infer<typeof PredictedSchema>): ModelAnswer {
  return { text: first?.content ?? first?.candidates?.[0]?.content ?? '' };
}
