/** Keys of a manifest whose value is the URI of a file that the run reads. */
export const DATA_KEYS = [
  'dataset_uri',
  'evaluation_data_uri',
  'queries_path',
  'corpus_path',
  'train_label_path',
  'test_label_path',
  'validation_label_path',
] as const;

export type DataKey = (typeof DATA_KEYS)[number];
