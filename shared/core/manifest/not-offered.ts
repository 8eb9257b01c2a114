/** What Google's `tuningJobs` have and a manifest cannot ask for. */
export interface NotOffered {
  /** As Google's JSON has it. */
  name: string;
  what: string;
  instead: string;
}

export const NOT_OFFERED: readonly NotOffered[] = [
  {
    name: 'evaluationConfig',
    what: 'an evaluation by Google’s evaluation service after the training (a preview, for Gemini 2.5 alone)',
    instead:
      'Name a file in evaluation_data_uri: its loss is measured while the model is tuned, and the document says which checkpoint is best; "judge" has a Gemini model compare what the tuned model and its base answer to it',
  },
  {
    name: 'distillationSpec',
    what: 'learning from the answers of a larger model',
    instead: 'Ask the larger model yourself and name its answers in dataset_uri',
  },
  {
    name: 'reinforcementTuningSpec',
    what: 'tuning by rewards, which Google calls Pre-GA',
    instead: 'Use "tuning_method": "preference" where the model has it',
  },
  {
    name: 'fullFineTuningSpec',
    what: 'a spec of its own for tuning all weights',
    instead: 'Use "tuning_mode": "TUNING_MODE_FULL" with an open model that has it',
  },
  {
    name: 'partnerModelTuningSpec',
    what: 'tuning of partners’ models',
    instead: 'Choose a model of docs/models.md',
  },
  { name: 'veoTuningSpec', what: 'tuning of models of video', instead: 'Choose a model of docs/models.md' },
  {
    name: 'veoLoraTuningSpec',
    what: 'tuning of models of video',
    instead: 'Choose a model of docs/models.md',
  },
];

/** A data set that Vertex AI keeps, as `trainingDatasetUri` may name it for `tuningJobs`. */
export const DATASET_RESOURCE = /^projects\/[^/]{1,64}\/locations\/[^/]{1,64}\/datasets\/\d{1,20}$/;
