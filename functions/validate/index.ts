import { brotliDecompressSync } from 'node:zlib';
import { cloudEvent } from '@google-cloud/functions-framework';
import { composeServices, createFunctionLogger } from '../../shared/compose.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { createValidateHandler } from './handler.ts';

const logger = createFunctionLogger('validate');
cloudEvent<unknown>(
  'validate',
  withBoundary(
    () =>
      createValidateHandler({
        ...composeServices(logger),
        tokenCounter: async () => {
          const { gemma3Counter } = await import('../../shared/core/dataset/tokens/gemma3.ts');
          return gemma3Counter(brotliDecompressSync);
        },
      }),
    logger,
  ),
);
