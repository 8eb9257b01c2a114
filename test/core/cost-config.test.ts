import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../shared/runtime/config.ts';

const NEEDED = {
  NODE_ENV: 'production',
  GOOGLE_CLOUD_PROJECT: 'p',
  INBOX_BUCKET: 'inbox',
  RESULTS_BUCKET: 'results',
};
const limitsOf = (environment: Record<string, string>) => readConfig({ ...NEEDED, ...environment }).limits;

describe('what a deployment sets about costs', () => {
  it('is no cap, no price, and a hold where a cost under a cap is not known', () => {
    expect(limitsOf({})).toMatchObject({ prices: {}, unknownPrices: 'hold', retiredModels: 'error' });
    expect(limitsOf({}).maxCostUsd).toBeUndefined();
  });

  it('is read from the environment', () => {
    const limits = limitsOf({
      MAX_COST_USD: '50',
      MODEL_PRICES: 'gemini-3.5-flash-lite=2.5, meta/llama3_1@llama-3.1-8b=0.5',
      UNKNOWN_PRICES: 'allow',
    });
    expect(limits).toMatchObject({
      ...{ maxCostUsd: 50, unknownPrices: 'allow' },
      prices: { 'gemini-3.5-flash-lite': 2.5, 'meta/llama3_1@llama-3.1-8b': 0.5 },
    });
  });

  it.each([
    ['MODEL_PRICES', 'gemini-3.5-flash-lite', 'MODEL=DOLLARS'],
    ['MODEL_PRICES', 'gemini-3.5-flash-lite=-1', 'MODEL=DOLLARS'],
    ['MODEL_PRICES', 'gemini-9=1', 'must name models'],
    ['MODEL_PRICES', 'text-bison@002=5', 'text-bison@002 is paid for by accelerator hours'],
    ['MODEL_PRICES', 'gemini-3.5-flash=5, text-embedding-005=3', 'text-embedding-005 is paid for by acc'],
    ['MODEL_PRICES', 'gemini-3.5-flash=5,gemini-3.5-flash=6', 'gemini-3.5-flash is there twice'],
    ['MAX_COST_USD', '0', 'MAX_COST_USD'],
    ['UNKNOWN_PRICES', 'maybe', 'UNKNOWN_PRICES'],
  ])('%s=%s is refused', (name, value, said) => {
    expect(() => limitsOf({ [name]: value })).toThrow(ConfigError);
    expect(() => limitsOf({ [name]: value })).toThrow(said);
  });
});
