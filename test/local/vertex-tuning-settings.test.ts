import { describe, expect, it } from 'vitest';
import { readTuningSettings, type TuningSettings } from '../../local/vertex/pipeline-jobs/settings.ts';

const DEFAULTS: TuningSettings = {
  steps: 300,
  batchSize: 8,
  learningRateMultiplier: 1,
  evaluationInterval: 20,
  earlyStopping: true,
  checkpointSelection: false,
};

type Parameters = Record<string, string | number | boolean>;

describe('the settings of a training', () => {
  const cases: [name: string, baseModel: string, parameters: Parameters, differs: Partial<TuningSettings>][] =
    [
      ['nothing said', 'text-bison@002', {}, {}],
      ['an empty accelerator', 'text-bison@002', { accelerator_type: '' }, {}],
      ['steps', 'text-bison@002', { train_steps: 20 }, { steps: 20 }],
      ['8k on GPU', 'text-bison@002', { accelerator_type: 'GPU' }, { batchSize: 8 }],
      ['8k on TPU', 'text-bison@002', { accelerator_type: 'TPU' }, { batchSize: 24 }],
      ['32k on GPU', 'text-bison-32k@002', { accelerator_type: 'GPU' }, { batchSize: 8 }],
      ['32k on TPU', 'codechat-bison-32k@002', { accelerator_type: 'TPU' }, { batchSize: 8 }],
      [
        '32k by parameter',
        'text-bison@002',
        { accelerator_type: 'TPU', max_context_length: '32k' },
        { batchSize: 8 },
      ],
      [
        '8k by parameter',
        'text-bison@002',
        { accelerator_type: 'TPU', max_context_length: '8k' },
        { batchSize: 24 },
      ],
      ['a multiplier', 'text-bison@002', { learning_rate_multiplier: 0.1 }, { learningRateMultiplier: 0.1 }],
      ['an interval', 'text-bison@002', { evaluation_interval: 100 }, { evaluationInterval: 100 }],
      ['no early stopping', 'text-bison@002', { enable_early_stopping: false }, { earlyStopping: false }],
      [
        'selection as text',
        'text-bison@002',
        { enable_checkpoint_selection: 'true' },
        { checkpointSelection: true },
      ],
      [
        'selection in Python’s spelling',
        'text-bison@002',
        { enable_checkpoint_selection: 'True' },
        { checkpointSelection: true },
      ],
      [
        'selection as boolean',
        'text-bison@002',
        { enable_checkpoint_selection: true },
        { checkpointSelection: true },
      ],
      [
        'no selection',
        'text-bison@001',
        { enable_checkpoint_selection: 'false' },
        { checkpointSelection: false },
      ],
      ['selection by default, @002', 'text-bison@002', { enable_checkpoint_selection: 'default' }, {}],
      ['selection by default, @001', 'text-bison@001', {}, { checkpointSelection: true }],
    ];
  it.each(cases)('%s', (_name, baseModel, parameters, differs) => {
    expect(readTuningSettings({ baseModel, parameters })).toEqual({ ...DEFAULTS, ...differs });
  });

  it.each([
    ['no steps', { train_steps: 0 }, 'train_steps'],
    ['a negative multiplier', { learning_rate_multiplier: -1 }, 'learning_rate_multiplier'],
    ['an interval of nothing', { evaluation_interval: 0 }, 'evaluation_interval'],
    ['another accelerator', { accelerator_type: 'CPU' }, 'GPU or TPU, but is CPU'],
    ['another selection', { enable_checkpoint_selection: 'best' }, 'enable_checkpoint_selection'],
  ])('refuses %s', (_name, parameters, message) => {
    expect(() => readTuningSettings({ baseModel: 'text-bison@002', parameters })).toThrow(message);
  });
});
