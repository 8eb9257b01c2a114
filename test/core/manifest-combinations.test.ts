import { describe, expect, it } from 'vitest';
import { parse } from '../support/manifests.ts';

const right = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' };
const aManifest = (keys: Record<string, unknown>) => ({ ...right, ...keys });

describe('keys beside each other', () => {
  const chat = { base_model: 'chat-bison@002', dataset_uri: 'train.jsonl' };
  const embedding = {
    base_model: 'text-embedding-005',
    queries_path: 'q.jsonl',
    corpus_path: 'c.jsonl',
    train_label_path: 'l.tsv',
  };
  const evaluated = aManifest({ evaluation_data_uri: 'eval.jsonl' });

  it.each([
    [
      'evaluation on a chat model',
      { ...chat, evaluation_data_uri: 'e.jsonl', enable_early_stopping: false },
      [
        ['key_not_for_model', 'evaluation_data_uri'],
        ['key_not_for_model', 'enable_early_stopping'],
      ],
    ],
    [
      'an evaluation setting on a chat model',
      { ...chat, evaluation_interval: 10 },
      [['key_not_for_model', 'evaluation_interval']],
    ],
    [
      'a context on a text model',
      aManifest({ default_context: 'x' }),
      [['key_not_for_model', 'default_context']],
    ],
    [
      'evaluation settings without data',
      aManifest({ evaluation_interval: 10, enable_early_stopping: true, enable_checkpoint_selection: true }),
      [
        ['evaluation_data_missing', 'evaluation_interval'],
        ['evaluation_data_missing', 'enable_early_stopping'],
        ['evaluation_data_missing', 'enable_checkpoint_selection'],
      ],
    ],
    [
      'an embedding parameter on a text model',
      aManifest({ batch_size: 8 }),
      [['key_not_for_model', 'batch_size']],
    ],
    [
      'text parameters on an embedding model',
      { ...embedding, dataset_uri: 'd.jsonl', accelerator_type: 'GPU' },
      [
        ['key_not_for_model', 'dataset_uri'],
        ['invalid_value', 'accelerator_type'],
      ],
    ],
    [
      'a single GPU on a text model',
      aManifest({ accelerator_type: 'NVIDIA_L4' }),
      [['invalid_value', 'accelerator_type']],
    ],
    [
      'the machine of an embedding model on a text model',
      aManifest({ machine_type: 'g2-standard-16', accelerator_count: 1 }),
      [
        ['key_not_for_model', 'machine_type'],
        ['key_not_for_model', 'accelerator_count'],
      ],
    ],
    [
      'a managed data set on an embedding model',
      { ...embedding, dataset_name: 'projects/p/locations/l/datasets/1' },
      [['key_not_for_model', 'dataset_name']],
    ],
    [
      'dimensions on the last gecko',
      { ...embedding, base_model: 'textembedding-gecko@003', output_dimensionality: 10 },
      [['key_not_for_model', 'output_dimensionality']],
    ],
    [
      'dimensions on gecko',
      { ...embedding, base_model: 'textembedding-gecko@001', output_dimensionality: 10 },
      [['key_not_for_model', 'output_dimensionality']],
    ],
    [
      'a task type that a model lacks',
      { ...embedding, base_model: 'textembedding-gecko@001', task_type: 'QUESTION_ANSWERING' },
      [['invalid_value', 'task_type']],
    ],
    [
      'too few steps for an embedding model',
      { ...embedding, train_steps: 29 },
      [['train_steps_below_minimum', 'train_steps']],
    ],
    ['a batch that the SDK refuses', { ...embedding, batch_size: 1024 }, [['invalid_value', 'batch_size']]],
    [
      '32k on an 8k model',
      aManifest({ max_context_length: '32k' }),
      [['context_length_mismatch', 'max_context_length']],
    ],
  ])('refuses %s', (_name, content, expected) => {
    const { issues, manifest } = parse(content);
    expect(issues.map(({ code, at }) => [code, at.path])).toEqual(expected);
    expect(manifest).toBeUndefined();
  });

  it.each([
    ['a context on a chat model', { ...chat, default_context: 'You are a pirate dog.' }],
    [
      'an embedding model with its files',
      { ...embedding, train_steps: 30, batch_size: 1023, output_dimensionality: 768 },
    ],
    [
      'evaluation settings with their data',
      { ...evaluated, evaluation_interval: 20, enable_early_stopping: false },
    ],
    [
      'an embedding model with its machine',
      {
        ...embedding,
        machine_type: 'g2-standard-16',
        accelerator_type: 'NVIDIA_L4',
        accelerator_count: 1,
      },
    ],
    [
      'the short context length on a long model',
      { ...right, base_model: 'text-bison-32k@002', max_context_length: '8k' },
    ],
    [
      'the context length of the model',
      { ...right, base_model: 'text-bison-32k@002', max_context_length: '32k' },
    ],
  ])('takes %s', (_name, content) => {
    expect(parse(content).issues).toEqual([]);
  });

  it('says that gecko lacks output_dimensionality, not that its template does', () => {
    const content = {
      ...embedding,
      base_model: 'textembedding-gecko@001',
      output_dimensionality: 10,
    };
    expect(parse(content).issues).toMatchObject([
      { fields: { reason: expect.stringContaining('models after textembedding-gecko') } },
    ]);
  });
});
