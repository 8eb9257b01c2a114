import type { Manifest } from '../../shared/core/manifest/keys.ts';

/** Manifests to begin with, by kind of model. */
export const MANIFEST_EXAMPLES: { title: string; manifest: Manifest }[] = [
  {
    title: 'Gemini, with a data set in any form that is known: Gemini’s, OpenAI’s or the guide’s',
    manifest: {
      base_model: 'gemini-3.1-flash-lite',
      dataset_uri: 'train.jsonl',
    },
  },
  {
    title: 'Gemini, with evaluation data that lies beside the manifest, and settings of its own',
    manifest: {
      base_model: 'gemini-3.5-flash',
      model_display_name: 'ticket-classifier',
      dataset_uri: 'train.jsonl',
      evaluation_data_uri: 'evaluation.jsonl',
      epoch_count: 3,
      adapter_size: 4,
      learning_rate_multiplier: 0.5,
    },
  },
  {
    title: 'Gemini, with a tenth of the data kept for the evaluation',
    manifest: {
      base_model: 'gemini-3.1-flash-lite',
      dataset_uri: 'train.jsonl',
      evaluation_split: 0.1,
    },
  },
  {
    title: 'Going on from one of the checkpoints of a tuned model',
    manifest: {
      base_model: 'gemini-3.5-flash',
      pre_tuned_model: 'projects/my-project/locations/us-central1/models/1234567890@1',
      checkpoint_id: '2',
      dataset_uri: 'more.jsonl',
      epoch_count: 2,
    },
  },
  {
    title: 'Preference tuning: pairs of a better and a worse answer',
    manifest: {
      base_model: 'gemini-2.5-flash',
      tuning_method: 'preference',
      dataset_uri: 'pairs.jsonl',
      epoch_count: 2,
    },
  },
  {
    title: 'An open model',
    manifest: {
      base_model: 'google/gemma4@gemma-4-e4b-it',
      dataset_uri: 'conversations.jsonl',
      tuning_mode: 'TUNING_MODE_PEFT_ADAPTER',
      pipeline_job_region: 'global',
    },
  },
  {
    title: 'An embedding model',
    manifest: {
      base_model: 'text-embedding-005',
      queries_path: 'queries.jsonl',
      corpus_path: 'corpus.jsonl',
      train_label_path: 'train.tsv',
      task_type: 'RETRIEVAL_QUERY',
    },
  },
  {
    title: 'A model of the guide',
    manifest: {
      base_model: 'chat-bison@002',
      dataset_uri: 'conversations.jsonl',
      default_context: 'You are the help desk of a bicycle shop.',
      train_steps: 200,
    },
  },
];
