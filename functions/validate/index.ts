import { brotliDecompressSync } from 'node:zlib';
import { cloudEvent } from '@google-cloud/functions-framework';
import { composeServices, createFunctionLogger } from '../../shared/compose.ts';
import { gemma3Counter } from '../../shared/core/dataset/tokens/gemma3.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { createValidateHandler } from './handler.ts';

const logger = createFunctionLogger('validate');
cloudEvent<unknown>(
  'validate',
  withBoundary(
    () =>
      createValidateHandler({
        ...composeServices(logger),
        tokenCounter: () => gemma3Counter(brotliDecompressSync),
      }),
    logger,
  ),
);
