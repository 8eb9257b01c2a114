import { expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../shared/runtime/config.ts';

const NEEDED = {
  NODE_ENV: 'production',
  GOOGLE_CLOUD_PROJECT: 'p',
  INBOX_BUCKET: 'inbox',
  RESULTS_BUCKET: 'results',
};
const read = (environment: Record<string, string> = {}) => readConfig({ ...NEEDED, ...environment });

it('a deployment that sets nothing has a cap on everything that spends', () => {
  expect(read()).toMatchObject({
    ...{ maxActiveJobs: { gemini: 4, openModels: 2, pipelines: 1 }, maxFolderRunsADay: 20 },
    limits: { maxTrainSteps: 10_000, maxTrainingTokens: 100_000_000, maxAccelerators: 8 },
  });
});

it.each(['MAX_TRAIN_STEPS', 'MAX_TRAINING_TOKENS', 'MAX_ACCELERATORS', 'MAX_FOLDER_RUNS_A_DAY'])(
  '%s is no cap where somebody writes none, and nothing but a whole number beside that',
  (name) => {
    const capOf = (value: string) => {
      const { limits, maxFolderRunsADay } = read({ [name]: value });
      const { maxTrainSteps, maxTrainingTokens, maxAccelerators } = limits;
      const caps = { maxTrainSteps, maxTrainingTokens, maxAccelerators, maxFolderRunsADay };
      return Object.values(caps);
    };
    expect(capOf('none').filter((cap) => cap === undefined)).toHaveLength(1);
    expect(capOf('7')).toContain(7);
    for (const wrong of ['0', '-1', '1.5', 'many', '']) {
      expect(() => read({ [name]: wrong })).toThrow(ConfigError);
      expect(() => read({ [name]: wrong })).toThrow(`${name} must be a whole number above 0, or none`);
    }
  },
);
