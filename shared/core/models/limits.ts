/**
 * The numbers of Google's pages, each with its source. "Guide" is Google Cloud's page "Tune text models by using
 * supervised tuning"; "SDK" is python-aiplatform 1.60.0. Numbers that are the product's own say so.
 */

/** Text and code data sets: `input_text` and `output_text`. Guide, "Prepare a supervised tuning dataset", "Text". */
export const TEXT_DATASET = {
  minExamples: 10,
  maxExamples: 10_000,
  /** "For good results, include at least 100 to 500 examples." */
  recommendedExamples: 100,
  /** Guide: what exceeds them is cut off. Google's own validation step has failed such rows (generative-ai#254). */
  maxInputTokens: 8_192,
  maxOutputTokens: 1_024,
} as const;

/** Chat data sets: `messages` and `context`. Guide, "Prepare a supervised tuning dataset", "Chat". */
export const CHAT_DATASET = {
  minExamples: 10,
  recommendedExamples: 100,
  /** Over all messages of all examples of the file. */
  maxAuthorFields: 10_000,
  /** `context` and `messages` of one example together. */
  maxConversationTokens: 8_192,
  /** One `content` of author `assistant`. */
  maxAssistantTokens: 1_024,
  /** Pairs of user and assistant messages an example should have; Google's preprocessing takes others too. */
  minPairs: 2,
  maxPairs: 3,
} as const;

/** Evaluation data. Guide, `EVAL_DATASET_URI`: "10 to 250 examples". */
export const EVALUATION_DATASET = { minExamples: 10, maxExamples: 250 } as const;

/** Embedding data sets. Google's page "Tune text embeddings". */
export const EMBEDDING_DATASET = {
  minQueries: 9,
  maxQueries: 10_000,
  minDocuments: 9,
  maxDocuments: 500_000,
  minQueryIdsPerLabelFile: 3,
  minQueryIds: 9,
  /** There must be fewer than this many labels over all files. */
  labelsBelow: 500_000,
  labelHeader: ['query-id', 'corpus-id', 'score'],
} as const;

/** Parameters of embedding tuning. SDK, `_TunableTextEmbeddingModelMixin.tune_model` (it refuses a batch of 1,024). */
export const EMBEDDING_PARAMETERS = {
  minTrainSteps: 30,
  minBatchSize: 1,
  maxBatchSize: 1_023,
  minOutputDimensionality: 1,
  maxOutputDimensionality: 768,
} as const;

/** What the templates take for a parameter that is not sent. Guide, parameter list; SDK fixtures for embedding. */
export const TEMPLATE_DEFAULTS = {
  trainSteps: 300,
  embeddingTrainSteps: 1_000,
  embeddingBatchSize: 128,
  embeddingMachineType: 'n1-standard-16',
  embeddingAcceleratorType: 'NVIDIA_TESLA_V100',
  embeddingAcceleratorCount: 4,
  learningRateMultiplier: 1,
  evaluationInterval: 20,
  enableEarlyStopping: true,
  enableCheckpointSelection: 'default',
  acceleratorType: 'GPU',
} as const;

/**
 * The most that a manifest can ask for, whatever a deployment allows: a number above is a slip of the keyboard. The product's own
 * limits, far above what Google's pages recommend: 1,000 steps, and twice the passes that they lead to. A machine of Google's has 16
 * accelerators at most (a2-megagpu-16g).
 */
export const MOST_ASKED_FOR = {
  trainSteps: 100_000,
  epochs: 240,
  accelerators: 16,
  evaluatedExamples: 1_000,
} as const;

/** Names on Vertex AI. Display names and label lengths: REST reference; the id: SDK (`^[a-z][-a-z0-9]{0,127}$`). */
export const NAMES = {
  /** Characters, for models and jobs. */
  maxDisplayNameLength: 128,
  /** The REST reference says "less than 128 characters". */
  maxJobIdLength: 127,
  /** Unicode code points of a label's key and of its value. */
  maxLabelLength: 64,
  /** The product's own limit: room for its labels and those of Vertex AI. */
  maxUserLabels: 32,
} as const;

/** Cloud Storage: "About Cloud Storage buckets" and "About Cloud Storage objects". */
export const STORAGE_NAMES = {
  maxBucketLength: 63,
  /** With dots; each part between them at most 63. */
  maxDottedBucketLength: 222,
  maxObjectNameBytes: 1_024,
} as const;

/** The manifest file. The product's own limits: a manifest that a person wrote has about 1 KiB. */
export const MANIFEST_FILE = { maxBytes: 64 * 1024, maxDepth: 32 } as const;

/** Guide, "Recommended configurations": examples to have and steps to train, by task. */
export const RECOMMENDED_CONFIGURATIONS = {
  classification: { minExamples: 100, minSteps: 100, maxSteps: 500 },
  summarization: { minExamples: 100, minSteps: 200, maxSteps: 1_000 },
  extractive_qa: { minExamples: 100, minSteps: 100, maxSteps: 500 },
  chat: { minExamples: 200, minSteps: 1_000, maxSteps: 1_000 },
} as const;

export type Task = keyof typeof RECOMMENDED_CONFIGURATIONS;

/**
 * Passes over the data that are surely a slip. The product's own limit: the guide's table leads to at most 120 (100 examples,
 * 500 steps of 24 examples), so that twice as many have no page to stand on.
 */
export const UNUSUAL_EPOCHS = 240;

/** A multiplier above this is surely a slip: the recommended rate is 1. The product's own limit; no page of Google's has one. */
export const UNUSUAL_LEARNING_RATE_MULTIPLIER = 100;
