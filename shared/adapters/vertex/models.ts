import * as z from 'zod';
import { TuneError } from '../../core/errors/errors.ts';
import type { ModelRegistry } from '../../ports.ts';
import { askVertex } from './answer.ts';
import { resourceUrl, type VertexClient } from './client.ts';

const ModelSchema = z.looseObject({
  displayName: z.string().default(''),
  versionId: z.string().optional(),
  createTime: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  deployedModels: z.array(z.looseObject({ endpoint: z.string() })).default([]),
});

/** Vertex AI's model registry over REST. */
export function createModelRegistry(vertex: VertexClient): ModelRegistry {
  return {
    async read(name) {
      try {
        const call = { method: 'GET', url: resourceUrl(name), doing: 'reading the model' } as const;
        const { displayName, versionId, createTime, labels, deployedModels } = await askVertex(
          vertex,
          ModelSchema,
          call,
        );
        const endpoint = deployedModels[0]?.endpoint || undefined;
        return { displayName, labels, version: versionId || undefined, createTime, endpoint };
      } catch (error) {
        if (error instanceof TuneError && error.httpStatus === 404) return undefined;
        throw error;
      }
    },
  };
}
