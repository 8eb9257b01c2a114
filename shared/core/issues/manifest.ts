import { type IssueOf, issueFactory } from './issue.ts';
import { dollarsText, formatCount } from './numbers.ts';

/**
 * What can be wrong with a manifest, with what a deployment allows it, or with the plan that follows from it.
 * Fields hold values as `shown` made them: short, on one line, safe to print.
 */
export const MANIFEST_ISSUES = {
  manifest_not_json: {
    severity: 'error',
    title: 'The manifest is not JSON',
    why: 'tune.json is read as one JSON object (RFC 8259), strict UTF-8, without comments or trailing commas.',
    text: (fields: { problem: string }) => ({
      found: fields.problem,
      expected: 'one JSON object',
      remedy: 'Fix the JSON and upload tune.json again.',
    }),
  },
  manifest_encoding: {
    severity: 'error',
    title: 'The manifest is not UTF-8 text',
    why: 'tune.json is read as strict UTF-8 (RFC 8259, 8.1): other encodings and compressed files are never guessed at.',
    text: (fields: { problem: string }) => ({
      found: fields.problem,
      expected: 'UTF-8 text that is not compressed',
      remedy: 'Save tune.json as UTF-8 and upload it again.',
    }),
  },
  manifest_content_encoding: {
    severity: 'error',
    title: 'The metadata of the manifest say that it is packed',
    why: 'What a packed object becomes when it is read depends on who reads it (cloud.google.com/storage/docs/transcoding). So it is refused before it is read.',
    text: ({ encoding }: { encoding: string }) => ({
      found: `Content-Encoding: ${encoding}`,
      expected: 'a tune.json without Content-Encoding',
      remedy:
        'Upload tune.json again, not packed and without a Content-Encoding: with gcloud storage cp, and not with its --gzip-local, -z or -Z.',
    }),
  },
  manifest_byte_order_mark: {
    severity: 'advice',
    title: 'The manifest begins with a byte order mark',
    why: 'RFC 8259 lets a reader skip it, and this product does; many other readers of JSON refuse the file.',
    text: (_fields: Record<never, never>) => ({
      found: 'a UTF-8 byte order mark',
      expected: 'JSON from the first byte on',
      remedy: 'Save tune.json as UTF-8 without a byte order mark when you touch it next.',
    }),
  },
  manifest_too_large: {
    severity: 'error',
    title: 'The manifest is too large',
    why: 'A manifest holds settings, about one KiB of them. The limit is the product’s own and keeps a wrong file from being read.',
    text: (fields: { sizeBytes: number; limitBytes: number }) => ({
      found: `${fields.sizeBytes} bytes`,
      expected: `at most ${fields.limitBytes} bytes`,
      remedy: 'Check that tune.json is the manifest and not a data set.',
    }),
  },
  manifest_duplicate_key: {
    severity: 'error',
    title: 'A key stands twice in one object',
    why: 'Readers of JSON differ in which of two equal keys they take, so that nobody could say what was asked (RFC 8259, 4).',
    text: (fields: { key: string; firstLine: number }) => ({
      found: `${fields.key} again, first on line ${fields.firstLine}`,
      expected: 'each key once',
      remedy: 'Remove one of the two.',
    }),
  },
  unknown_key: {
    severity: 'error',
    title: 'The manifest has an unknown key',
    why: 'A parameter that is misspelt would silently not arrive at Vertex AI (the guide’s own curl example has "accelerator_type:" with a colon inside the quotes), so unknown keys are refused.',
    text: (fields: {
      /** A key, or the first of `of` keys that are all to be removed. */
      key: string;
      of?: number;
      named?: number;
      meant?: string | undefined;
      isRespelt?: boolean;
      note?: string;
    }) => ({
      found: fields.of === undefined ? fields.key : manyKeys({ ...fields, of: fields.of }),
      expected: fields.meant === undefined ? 'a key of docs/manifest.md' : `perhaps ${fields.meant}`,
      remedy: fields.note ?? remedyOfUnknown(fields),
    }),
  },
  missing_key: {
    severity: 'error',
    title: 'The manifest lacks a key',
    why: 'The key says something that nobody can choose for you: the model to tune, or the data to tune it with.',
    text: (fields: { key: string; needed: string }) => ({
      found: `no ${fields.key}`,
      expected: fields.needed,
      remedy: `Add ${fields.key}.`,
    }),
  },
  invalid_value: {
    severity: 'error',
    title: 'A value of the manifest is wrong',
    why: 'Every key has a type and a range: docs/manifest.md lists them with their sources.',
    text: (fields: {
      key: string;
      found: string;
      expected: string;
      meant?: string | undefined;
      /** The same value as the key takes it, where only quotes, case or a list around it are in the way. */
      right?: unknown;
      remedy?: string | undefined;
    }) => ({
      found: `${fields.key}: ${fields.found}`,
      expected: fields.expected,
      remedy:
        fields.remedy ??
        (fields.meant === undefined ? `Write ${fields.expected}.` : `Did you mean ${fields.meant}?`),
    }),
  },
  model_unknown: {
    severity: 'error',
    title: 'The base model is not one that can be tuned here',
    why: 'Every model is tuned by a template of its own; docs/models.md lists the models with their templates.',
    text: (fields: {
      found: string;
      meant?: string | undefined;
      /** Which of those that were meant end, and what follows. */
      ends?: string | undefined;
      known: string;
    }) => ({
      found: fields.found,
      expected: `a model of docs/models.md that can be tuned, such as ${fields.known}`,
      remedy: [
        fields.meant === undefined ? 'Choose one of them.' : `Did you mean ${fields.meant}?`,
        fields.ends ?? [],
      ]
        .flat()
        .join(' '),
    }),
  },
  model_not_tunable: {
    severity: 'error',
    title: 'The base model cannot be tuned',
    why: 'Of the models that people name, Vertex AI tunes some: docs/models.md lists them. What is known of the others stands in a table with its source, so that a name is not answered with a list alone.',
    text: (fields: {
      key: string;
      found: string;
      why: string;
      successor?: string | undefined;
      source: string;
    }) => ({
      found: `${fields.found}, ${fields.why}`,
      expected: 'a model of docs/models.md',
      remedy:
        fields.successor === undefined
          ? `Choose a model of docs/models.md. Source: ${fields.source}.`
          : `Write "${fields.key}": "${fields.successor}", or choose another of docs/models.md. Source: ${fields.source}.`,
    }),
  },
  tuned_model_as_base: {
    severity: 'error',
    title: 'A tuned model stands where a base model belongs',
    why: 'Google’s SDKs take a tuned model in the place of the base model and send it as preTunedModel. Here it has a key of its own, pre_tuned_model, so that a manifest says which of the two it means.',
    text: (fields: { key: string; found: string }) => ({
      found: fields.found,
      expected: 'the base model, or the tuned model in pre_tuned_model',
      remedy: `Write the model as "pre_tuned_model": "projects/PROJECT/locations/REGION/models/NUMBER" and leave ${fields.key} out. The document of its run names it in status.result.model.`,
    }),
  },
  model_without_version: {
    severity: 'error',
    title: 'The base model lacks its version',
    why: 'Google’s SDK looks up the current version of a model that is named without one, so that the same manifest would mean another model later.',
    text: (fields: { key: string; found: string; write: string; ends?: string | undefined }) => ({
      found: fields.found,
      expected: fields.write,
      remedy: [`Write "${fields.key}": ${fields.write}.`, fields.ends ?? []].flat().join(' '),
    }),
  },
  model_retired: {
    severity: 'warning',
    title: 'Google has retired the base model',
    why: 'Vertex AI refuses jobs, or lets them fail, for models that are past the date in docs/models.md. A deployment refuses such a manifest unless it is set to warn (`RETIRED_MODELS`); the embedded cloud on a laptop warns.',
    text: (fields: {
      key: string;
      model: string;
      date: string;
      goesOnUntil?: string | undefined;
      successor?: string | undefined;
      /** Whether the deployment refuses it. */
      isRefused?: boolean | undefined;
      source: string;
    }) => ({
      found: fields.goesOnUntil
        ? `${fields.model}, retired on ${fields.date}; only projects that used it before go on, until ${fields.goesOnUntil}`
        : `${fields.model}, closed to new tuning jobs since ${fields.date}`,
      expected: fields.successor
        ? `a model that Vertex AI still tunes, such as ${fields.successor}`
        : 'a model that Vertex AI still tunes in this way, if there is one: docs/models.md',
      remedy: [
        fields.successor
          ? `Write "${fields.key}": "${fields.successor}".`
          : 'Choose a model of docs/models.md.',
        fields.goesOnUntil
          ? 'In a project that did not use it lately the job fails, and what is tuned in another ends with the model.'
          : 'The job is likely to fail on Vertex AI.',
        fields.isRefused
          ? 'To try it all the same, ask the administrator to set RETIRED_MODELS to warn.'
          : '',
        `Source: ${fields.source}.`,
      ]
        .filter(Boolean)
        .join(' '),
    }),
  },
  model_retires_soon: {
    severity: 'warning',
    title: 'The base model retires soon',
    why: 'A tuned model ends with its base. Google publishes the day, or a day before which nothing happens; docs/models.md has it with its source. It is told half a year before a published day, and of the other from a quarter before on.',
    text: (fields: {
      key: string;
      model: string;
      date: string;
      daysLeft: number;
      isEarliest: boolean;
      successor?: string | undefined;
      source: string;
    }) => ({
      found: `${fields.model}, which ${whenRetired(fields)}`,
      expected: 'a model that lives as long as you need what is tuned from it',
      remedy: [
        fields.successor
          ? `Write "${fields.key}": "${fields.successor}", or keep the data to tune again.`
          : 'No successor is published: keep the manifest and its data, to tune again on another model of docs/models.md.',
        `Source: ${fields.source}.`,
      ].join(' '),
    }),
  },
  judge_retired: {
    severity: 'warning',
    title: 'Google has retired the judge',
    why: 'A retired model answers nobody, or only projects that used it before, until the day in docs/models.md. Where it answers nobody any more, a deployment refuses such a manifest unless it is set to warn (`RETIRED_MODELS`).',
    text: (fields: {
      model: string;
      date: string;
      goesOnUntil?: string | undefined;
      successor?: string | undefined;
      /** Another with a known price, where the successor has none. */
      priced?: string | undefined;
      source: string;
    }) => ({
      found: fields.goesOnUntil
        ? `${fields.model}, retired on ${fields.date}; only projects that used it before ask it, until ${fields.goesOnUntil}`
        : `${fields.model}, retired on ${fields.date}`,
      expected: 'a judge that answers every project',
      remedy: [
        fields.successor
          ? `Write "judge": "${fields.successor}".`
          : 'Name another Gemini model of docs/models.md as the judge.',
        fields.priced
          ? `Its price is not known, so that a cap on costs leaves it out: under one, write "judge": "${fields.priced}".`
          : '',
        'Where it does not answer, the evaluation ends without its verdicts, and the document says so.',
        `Source: ${fields.source}.`,
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    }),
  },
  judge_without_work: {
    severity: 'advice',
    title: 'The judge has nothing to compare',
    why: 'A judge compares what the tuned model and its base answer to the evaluation data; of a run that asks no such questions there are no answers.',
    text: (fields: { judge: string; why: string }) => ({
      found: `judge: ${fields.judge}, ${fields.why}`,
      expected: 'a model that is asked its evaluation data',
      remedy: 'Remove judge: it changes nothing here.',
    }),
  },
  judge_is_base: {
    severity: 'advice',
    title: 'The judge is the base model itself',
    why: 'Models have been found to prefer what they wrote themselves, whatever the order (“LLM Evaluators Recognize and Favor Their Own Generations”, Panickssery and others, 2024): such a judge may favour the base.',
    text: (fields: { judge: string }) => ({
      found: `judge: ${fields.judge}, which is the base model too`,
      expected: 'a judge that wrote none of the answers',
      remedy:
        'Name another Gemini model of docs/models.md as the judge, or keep in mind that this one may favour the base.',
    }),
  },
  uri_invalid: {
    severity: 'error',
    title: 'A URI of the manifest cannot be used',
    why: 'Data sets and directories are named as gs://BUCKET/NAME, data sets also by a name relative to the manifest’s folder. Names are taken as they are: nothing in them is decoded or shortened.',
    text: (fields: { key: string; found: string; problem: string; isDirectory?: boolean }) => ({
      found: `${fields.key}: ${fields.found}, ${fields.problem}`,
      expected: fields.isDirectory
        ? 'gs://BUCKET/FOLDER'
        : 'gs://BUCKET/NAME or a name in the manifest’s folder',
      remedy: `Correct ${fields.key}.`,
    }),
  },
  uri_outside_inbox: {
    severity: 'error',
    title: 'A relative name leads out of the inbox',
    why: 'A relative name begins in the manifest’s folder, and `..` goes up a folder, at most to the top of the bucket. What lies in another bucket is named in full.',
    text: (fields: { key: string; found: string }) => ({
      found: `${fields.key}: ${fields.found}`,
      expected: 'a name in the manifest’s bucket, such as train.jsonl or ../shared/train.jsonl',
      remedy:
        'Count the folders between the manifest and the top of the bucket, or write the full gs:// URI.',
    }),
  },
  dataset_not_checked: {
    severity: 'warning',
    title: 'The managed data set is not checked',
    why: 'A managed data set is kept by Vertex AI: what it holds cannot be read before training, so that its mistakes show in a failed job only.',
    text: (fields: { found: string }) => ({
      found: `dataset_name: ${fields.found}`,
      expected: 'a file, to have it checked',
      remedy:
        'A managed data set cannot be read before training: export it and name the file in dataset_uri to have it checked.',
    }),
  },
  dataset_named_twice: {
    severity: 'error',
    title: 'The training data is named twice',
    why: 'A model is tuned with one set of training data: a file (dataset_uri) or a managed data set (dataset_name).',
    text: (_fields: Record<never, never>) => ({
      found: 'dataset_uri and dataset_name',
      expected: 'one of the two',
      remedy: 'Remove dataset_name to have the data checked, or remove dataset_uri.',
    }),
  },
  dataset_not_found: {
    severity: 'error',
    title: 'A file that the manifest names is not there',
    why: 'A manifest may arrive before its data, so the run waits for it; this is said when the wait is over.',
    text: (fields: {
      key: string;
      uri: string;
      near?: string | undefined;
      isSameName?: boolean | undefined;
    }) => ({
      found: `no object at ${fields.uri}`,
      expected: `the file of ${fields.key}`,
      remedy: remedyOfMissing(fields),
    }),
  },
  label_reserved: {
    severity: 'error',
    title: 'A label is reserved',
    why: 'The product and Vertex AI find their jobs again by these labels.',
    text: (fields: { label: string }) => ({
      found: `the label ${fields.label}`,
      expected: 'labels of your own',
      remedy: `Rename the label ${fields.label}.`,
    }),
  },
  key_not_for_model: {
    severity: 'error',
    title: 'The base model does not take this parameter',
    why: 'The guide: "Not all of the parameters are supported by every model. Make sure that you only include the ones that are applicable."',
    text: (fields: { key: string; model: string; reason: string; isData?: boolean | undefined }) => ({
      found: `${fields.key} for ${fields.model}`,
      expected: fields.reason,
      remedy: fields.isData
        ? `Remove ${fields.key}, and name the data in the keys that are expected.`
        : `Remove ${fields.key}.`,
    }),
  },
  key_named_twice: {
    severity: 'error',
    title: 'A setting stands in the manifest under two names',
    why: 'The names of Google’s tuningJobs are understood beside the product’s own; with both, nobody could say which one counts.',
    text: (fields: { key: string; other: string }) => ({
      found: `${fields.key} and ${fields.other}, which are the same setting`,
      expected: 'one of them',
      remedy: `Remove ${fields.key} or ${fields.other}.`,
    }),
  },
  keys_without_counterpart: {
    severity: 'advice',
    title: 'Settings of the manifest have no counterpart for this model',
    why: 'The guide’s templates have settings that tuningJobs does not know. A manifest in which only base_model was changed works all the same: such settings are left out, and the plan shows what is sent.',
    text: (fields: { keys: string; model: string }) => ({
      found: fields.keys,
      expected: `settings of ${fields.model}: docs/manifest.md`,
      remedy: `Nothing has to be done: they are left out. Remove them when you touch the manifest next.`,
    }),
  },
  train_steps_not_used: {
    severity: 'advice',
    title: 'train_steps is not used beside epoch_count',
    why: 'Models of tuningJobs count in epochs. train_steps is made into epochs where the manifest has nothing else; beside epoch_count it says the same thing a second time, so that epoch_count counts.',
    text: (fields: { key: string; epochs: string }) => ({
      found: `${fields.key} beside ${fields.epochs}`,
      expected: 'one of them',
      remedy: `Nothing has to be done: ${fields.epochs} counts. Remove ${fields.key} when you touch the manifest next.`,
    }),
  },
  base_model_not_known: {
    severity: 'error',
    title: 'The base model of the tuned model is not known',
    why: 'base_model may be left out beside pre_tuned_model where this deployment tuned that model itself and so knows what it was made from.',
    text: (fields: { found: string }) => ({
      found: `no base_model, and ${fields.found} is no model of this deployment’s runs`,
      expected: 'the base model that the tuned model was made from',
      remedy: 'Add base_model, such as gemini-3.1-flash-lite.',
    }),
  },
  pre_tuned_model_not_allowed: {
    severity: 'error',
    title: 'The tuned model is not one that this deployment lets manifests name',
    why: 'A job reads the weights that it goes on from with rights that the author of a manifest does not have. Models of the deployment’s own runs are allowed, in the versions that runs made, and those that the administrator lists (ALLOWED_TUNED_MODELS): with a version that one, without a version all.',
    text: (fields: { found: string }) => ({
      found: fields.found,
      expected: 'a model that a run of this deployment made, or one that the administrator lists',
      remedy:
        'Write the name as `status.model` of the run has it, with the version of that run or without one, or ask the administrator to list this model.',
    }),
  },
  pre_tuned_model_of_pipeline: {
    severity: 'error',
    title: 'The tuned model was made by a compiled pipeline',
    why: 'A job of tuningJobs goes on from a model that tuningJobs made. What the guide’s templates made of a bison model has other weights: Gemini begins with its own, and the same data tunes it.',
    text: (fields: { key: string; found: string; baseModel: string }) => ({
      found: `${fields.found}, made from ${fields.baseModel}`,
      expected: 'a tuned Gemini model',
      remedy: `Remove ${fields.key} and write "base_model": "gemini-3.1-flash-lite": a model that was made from ${fields.baseModel} cannot be gone on from, but its data can be used again.`,
    }),
  },
  checkpoint_not_known: {
    severity: 'error',
    title: 'The tuned model has no such checkpoint',
    why: 'The run that made the model lists its checkpoints (status.result.checkpoints); a run with export_last_checkpoint_only keeps none beside the model itself.',
    text: (fields: { key: string; found: string; checkpoints: string }) => ({
      found: `${fields.key}: ${fields.found}`,
      expected:
        fields.checkpoints === '' ? 'none: the model has no checkpoints' : `one of ${fields.checkpoints}`,
      remedy:
        fields.checkpoints === ''
          ? `Remove ${fields.key}.`
          : `Name one of them, or remove ${fields.key} to go on from the model itself.`,
    }),
  },
  pre_tuned_model_mismatch: {
    severity: 'error',
    title: 'The tuned model was made from another base model',
    why: 'Training goes on from the weights of the tuned model, so base_model can only say what it was made from.',
    text: (fields: { key: string; found: string; baseModel: string }) => ({
      found: `${fields.key} ${fields.found}`,
      expected: fields.baseModel,
      remedy: `Write "${fields.key}": "${fields.baseModel}", or leave ${fields.key} out.`,
    }),
  },
  custom_base_model_not_allowed: {
    severity: 'error',
    title: 'The weights lie where this deployment does not let manifests name any',
    why: 'A job reads them with rights that the author of a manifest does not have, so that they come from the inbox, from what earlier jobs wrote (`output/` of the results bucket), or from a bucket that the administrator lists (ALLOWED_DATA_BUCKETS).',
    text: (fields: { found: string; allowed: string }) => ({
      found: fields.found,
      expected: `a directory below one of ${fields.allowed}`,
      remedy: 'Copy the weights there, or ask the administrator to list the bucket.',
    }),
  },
  encryption_key_region: {
    severity: 'error',
    title: 'The key is in another region than the tuning job',
    why: 'Vertex AI takes customer-managed keys of the region of the job alone (REST reference, TuningJob.encryptionSpec), and none where the job has no region of its own.',
    text: (fields: { found: string; region: string; regionKey: string; canMove: boolean }) => ({
      found: `a key in ${fields.found}`,
      expected: `a key in ${fields.region}, where the job runs`,
      remedy: fields.canMove
        ? `Name a key of ${fields.region}, or write "${fields.regionKey}": "${fields.found}" to run the job where the key is.`
        : `Name a key of ${fields.region}.`,
    }),
  },
  encryption_key_global: {
    severity: 'error',
    title: 'A job without a region of its own takes no key',
    why: 'In `global` Vertex AI runs a job where there is room, and refuses customer-managed keys, which belong to a region (Google’s tuning skill, 2026-08-21).',
    text: (fields: { key: string; region: string; regionKey: string; isKeysOwn: boolean }) => ({
      found: `${fields.key} for a job in global`,
      expected: 'a region beside a key',
      remedy: fields.isKeysOwn
        ? `Write "${fields.regionKey}": "${fields.region}", where the key is, or remove ${fields.key}.`
        : `Write a region such as "${fields.regionKey}": "${fields.region}" and name a key of it, or remove ${fields.key}.`,
    }),
  },
  evaluation_data_missing: {
    severity: 'error',
    title: 'An evaluation setting without evaluation data',
    why: 'The guide: to use evaluation_interval, enable_early_stopping or checkpoint selection, evaluation_data_uri must be set. A part of the training data does as well.',
    text: (fields: { key: string }) => ({
      found: `${fields.key} without evaluation_data_uri or evaluation_split`,
      expected: 'evaluation data, 10 to 250 examples',
      remedy: `Add evaluation_data_uri, or "evaluation_split": 0.1, or remove ${fields.key}.`,
    }),
  },
  context_length_mismatch: {
    severity: 'error',
    title: 'The context length does not fit the base model',
    why: 'A model has the context length of its name; only a 32k model can be tuned with either length.',
    text: (fields: { model: string; found: string; expected: string }) => ({
      found: `max_context_length ${fields.found} for ${fields.model}`,
      expected: fields.expected,
      remedy: 'Remove max_context_length, or choose the model of that length.',
    }),
  },
  cmek_region: {
    severity: 'error',
    title: 'Customer-managed keys need us-central1',
    why: 'The guide: CMEK is available in us-central1 only, when both the tuning and the model upload are there.',
    text: (fields: { setting: string; region: string }) => ({
      found: `${fields.setting} in ${fields.region}`,
      expected: 'us-central1 for the pipeline job, the model upload and the key',
      remedy: 'Use us-central1 throughout, or remove encryption_spec_key_name.',
    }),
  },
  cmek_accelerator: {
    severity: 'error',
    title: 'Customer-managed keys need GPUs',
    why: 'The guide: CMEK is not supported with TPU.',
    text: (_fields: Record<never, never>) => ({
      found: 'encryption_spec_key_name with accelerator_type TPU',
      expected: 'accelerator_type GPU',
      remedy: 'Choose GPU, or remove encryption_spec_key_name.',
    }),
  },
  tensorboard_region: {
    severity: 'error',
    title: 'The TensorBoard instance is in another region',
    why: 'The guide: the Vertex AI TensorBoard instance must be in the same region as the tuning pipeline.',
    text: (fields: { found: string; region: string }) => ({
      found: `a TensorBoard in ${fields.found}`,
      expected: `one in ${fields.region}, where the pipeline job runs`,
      remedy: 'Name a TensorBoard of that region, or set pipeline_job_region to that of the TensorBoard.',
    }),
  },
  bucket_not_allowed: {
    severity: 'error',
    title: 'The bucket is not open to manifests',
    why: 'A run reads with the rights of its service account, which may be more than its author’s. The administrator lists the buckets that data may come from. Google’s public samples that its guides name need no list.',
    text: (fields: { key: string; bucket: string; allowed: string; near?: string | undefined }) => ({
      found: `${fields.key} in the bucket ${fields.bucket}`,
      expected:
        fields.near === undefined
          ? `data in ${fields.allowed}`
          : `data in ${fields.allowed}, or a sample of Google’s guides`,
      remedy:
        fields.near === undefined
          ? 'Upload the data there, or ask the administrator to list the bucket.'
          : `Write ${fields.near} if that sample is meant; upload other data there.`,
    }),
  },
  outside_team_folder: {
    severity: 'error',
    title: 'The file belongs to another team',
    why: 'In this deployment each top-level folder of the inbox belongs to a team, and a run reads with rights that its author does not have. A manifest names files in the top-level folder that it lies in, and in no other.',
    text: (fields: { key: string; found: string; folder: string }) => ({
      found: `${fields.key}: ${fields.found}`,
      expected:
        fields.folder === ''
          ? 'a file at the top of the inbox, where the manifest lies'
          : `a file in the folder ${fields.folder}/ of the inbox, where the manifest lies`,
      remedy:
        fields.folder === ''
          ? 'Upload the file beside the manifest, or move both into the folder of a team.'
          : `Upload the file into ${fields.folder}/ and name it there.`,
    }),
  },
  dataset_not_allowed: {
    severity: 'error',
    title: 'The managed data set may not be used',
    why: 'A run reads with the rights of its service account, which may be more than its author’s, and a managed data set is neither copied nor checked before. The administrator lists the ones that a manifest may name (`ALLOWED_DATASETS`).',
    text: (fields: { found: string; allowed: string }) => ({
      found: `dataset_name: ${fields.found}`,
      expected: `one of: ${fields.allowed}`,
      remedy:
        'Export the data set, upload the file and name it in dataset_uri, or ask the administrator to list the data set.',
    }),
  },
  service_account_not_allowed: {
    severity: 'error',
    title: 'The service account may not be used',
    why: 'A manifest must not borrow rights that its author does not have. The administrator lists the accounts that it may name.',
    text: (fields: { key: string; found: string; allowed: string }) => ({
      found: fields.found,
      expected: fields.allowed,
      remedy: `Remove ${fields.key}, or ask the administrator to list the account.`,
    }),
  },
  kms_key_not_allowed: {
    severity: 'error',
    title: 'The encryption key may not be used',
    why: 'The administrator lists the keys that a manifest may name.',
    text: (fields: { key: string; found: string; allowed: string }) => ({
      found: fields.found,
      expected: fields.allowed,
      remedy: `Remove ${fields.key}, or ask the administrator to list the key.`,
    }),
  },
  tensorboard_not_allowed: {
    severity: 'error',
    title: 'The TensorBoard instance may not be used',
    why: 'The administrator lists the TensorBoard instances that a manifest may name.',
    text: (fields: { found: string; allowed: string }) => ({
      found: fields.found,
      expected: fields.allowed,
      remedy: 'Remove tensorboard_resource_id, or ask the administrator to list the instance.',
    }),
  },
  output_not_allowed: {
    severity: 'error',
    title: 'The output directory may not be used',
    why: 'A run writes with the rights of its service account. The administrator lists the directories that it may write to.',
    text: (fields: { key: string; found: string; allowed: string }) => ({
      found: fields.found,
      expected: fields.allowed,
      remedy: `Remove ${fields.key}, or ask the administrator to list the directory.`,
    }),
  },
  output_in_inbox: {
    severity: 'error',
    title: 'The output directory is in the inbox',
    why: 'What a run writes into the inbox would arrive there as an upload and could start the next run, without end.',
    text: (fields: { key: string; found: string }) => ({
      found: fields.found,
      expected: 'a directory in another bucket',
      remedy: `Remove ${fields.key}: results then go to the results bucket.`,
    }),
  },
  cost_over_limit: {
    severity: 'error',
    title: 'The run would cost more than it may',
    why: 'A run is paid for by training tokens: those of the data set, times the epochs. The high end of the expected cost is held against `max_cost_usd` of the manifest and the cap of the deployment (`MAX_COST_USD`), the lower one.',
    text: (fields: {
      limit: number;
      setBy: 'manifest' | 'deployment';
      low: number;
      high: number;
      epochs: number;
      /** Epochs that would fit. */
      fits: number;
      key: string;
    }) => ({
      found: `${usd(fields.low)} to ${usd(fields.high)} for ${inEpochs(fields.epochs)}`,
      expected: `at most ${capText(fields.limit)}, ${CAP_WORDS[fields.setBy]}`,
      remedy: [
        fields.fits > 0
          ? `Write "${fields.key}": ${fields.fits}, which fits.`
          : 'Not even one epoch fits: take fewer or shorter examples, or a cheaper model of docs/models.md.',
        RAISE[fields.setBy],
      ].join(' '),
    }),
  },
  cost_unknown: {
    severity: 'error',
    title: 'The run has a cap, and its cost is not known',
    why: 'A cost that is not known is not nothing. Under `max_cost_usd` of the manifest such a run is refused, and under the cap of the deployment (`MAX_COST_USD`) unless `UNKNOWN_PRICES` allows it; where only the price is missing, the deployment can give one (`MODEL_PRICES`). Under a monthly cap of its folder alone it waits instead; without a cap it starts.',
    text: (fields: {
      limit: number;
      setBy: 'manifest' | 'deployment';
      model: string;
      why: 'price' | 'acceleratorHours' | 'files' | 'notCounted';
      madeOf: string;
    }) => ({
      found: `${fields.model}: ${WHY_UNKNOWN[fields.why]}`,
      expected: `a cost of at most ${capText(fields.limit)}, ${CAP_WORDS[fields.setBy]}`,
      remedy: [fields.madeOf, whoLetsUnknown(fields)].join(' '),
    }),
  },
  sweep_value_repeated: {
    severity: 'warning',
    title: 'A list of settings names a value twice',
    why: 'A list asks for a run with each of its values. The same value twice would be the same job twice, so it is run once.',
    text: (fields: { key: string; values: string }) => ({
      found: `${fields.values} more than once in ${fields.key}`,
      expected: 'each value once',
      remedy: 'Take the repetition out of the list.',
    }),
  },
  sweep_too_large: {
    severity: 'error',
    title: 'The lists of the manifest ask for too many runs',
    why: 'Lists of values ask for a run with each combination of them, and each is a job that is paid for. How many one manifest may ask for is the product’s own number.',
    text: (fields: { keys: string; count: number; most: number }) => ({
      found: `${formatCount(fields.count)} runs by ${fields.keys}`,
      expected: `at most ${fields.most}`,
      remedy:
        'Name fewer values. What is left out can be tried by a later manifest, in the light of the first.',
    }),
  },
  sweep_same_job: {
    severity: 'error',
    title: 'Two runs of a sweep would be the same job',
    why: 'Two combinations can come to the same settings: a model of tuningJobs counts in whole epochs, which several numbers of steps round to. The same job twice would be paid for twice and show nothing.',
    text: (fields: { one: string; other: string; epochs?: number | undefined }) => ({
      found:
        fields.epochs === undefined
          ? `${fields.one} and ${fields.other}, which ask for the same job`
          : `${fields.one} and ${fields.other}, which both come to ${inEpochs(fields.epochs)}`,
      expected: 'settings that make a difference',
      remedy:
        fields.epochs === undefined
          ? 'Take one of the two out of the list.'
          : 'Write a list of epoch_count in place of train_steps, or values that lie further apart.',
    }),
  },
  sweep_cost_over_limit: {
    severity: 'error',
    title: 'The runs of a sweep would cost more than they may',
    why: 'A manifest has one cap, however many runs it asks for: the high ends of what they are expected to cost, taken together, are held against `max_cost_usd` of the manifest and the cap of the deployment (`MAX_COST_USD`), the lower one.',
    text: (fields: {
      limit: number;
      setBy: 'manifest' | 'deployment';
      low: number;
      high: number;
      runs: number;
      /** So many runs, the cheapest, would fit. */
      fits: number;
    }) => ({
      found: `${usd(fields.low)} to ${usd(fields.high)} for ${fields.runs} runs`,
      expected: `at most ${capText(fields.limit)}, ${CAP_WORDS[fields.setBy]}`,
      remedy: [fewerRuns(fields.fits), RAISE[fields.setBy]].join(' '),
    }),
  },
  sweep_tokens_over_limit: {
    severity: 'error',
    title: 'The runs of a sweep have more training tokens than this deployment allows',
    why: 'A manifest has one cap, however many runs it asks for: their training tokens, taken together by the high end of the estimate, are held against the limit of the administrator (`MAX_TRAINING_TOKENS`).',
    text: (fields: { found: number; limit: number; runs: number; fits: number }) => ({
      found: `up to ${formatCount(fields.found)} training tokens for ${fields.runs} runs`,
      expected: `at most ${formatCount(fields.limit)}`,
      remedy: `${fewerRuns(fields.fits)} Or ask the administrator to raise the limit.`,
    }),
  },
  train_steps_over_limit: {
    severity: 'error',
    title: 'More training steps than this deployment allows',
    why: 'Steps cost accelerator time. The administrator sets the limit (`MAX_TRAIN_STEPS`, 10,000 unless it is set).',
    text: (fields: { found: number; limit: number }) => ({
      found: `${fields.found} steps`,
      expected: `at most ${fields.limit}`,
      remedy: 'Lower train_steps, or ask the administrator to raise the limit.',
    }),
  },
  training_tokens_over_limit: {
    severity: 'error',
    title: 'More training tokens than this deployment allows',
    why: 'Tokens of the data times the passes over it are what a tuning job is paid by. The administrator sets the limit (`MAX_TRAINING_TOKENS`, 100 million unless it is set); the high end of the estimate is held against it.',
    text: (fields: { found: number; limit: number; epochs: number; fits: number; key: string }) => ({
      found: `up to ${formatCount(fields.found)} training tokens for ${inEpochs(fields.epochs)}`,
      expected: `at most ${formatCount(fields.limit)}`,
      remedy:
        fields.fits > 0
          ? `Write "${fields.key}": ${fields.fits}, which fits, or ask the administrator to raise the limit.`
          : 'Not even one epoch fits: take fewer or shorter examples, or ask the administrator to raise the limit.',
    }),
  },
  accelerators_over_limit: {
    severity: 'error',
    title: 'More accelerators than this deployment allows',
    why: 'Each accelerator of the machine is paid for by the hour. The administrator sets the limit (`MAX_ACCELERATORS`, 8 unless it is set).',
    text: (fields: { found: number; limit: number }) => ({
      found: `${fields.found} accelerators`,
      expected: `at most ${fields.limit}`,
      remedy: `Write "accelerator_count": ${fields.limit} or less, or ask the administrator to raise the limit.`,
    }),
  },
  train_steps_below_minimum: {
    severity: 'error',
    title: 'Too few training steps for embedding tuning',
    why: 'Google’s SDK refuses fewer than 30 steps for embedding models.',
    text: (fields: { found: number; minimum: number }) => ({
      found: `${fields.found} steps`,
      expected: `at least ${fields.minimum}`,
      remedy: 'Raise train_steps.',
    }),
  },
  no_evaluation: {
    severity: 'warning',
    title: 'The model would never be evaluated',
    why: 'Evaluation runs every evaluation_interval steps: with an interval above train_steps there is no data point (guide, `EVAL_INTERVAL`).',
    text: (fields: { interval: number; steps: number }) => ({
      found: `an evaluation every ${fields.interval} steps in ${fields.steps} steps`,
      expected: 'an interval of at most train_steps',
      remedy: 'Lower evaluation_interval or raise train_steps.',
    }),
  },
  few_evaluations: {
    severity: 'advice',
    title: 'Few evaluations',
    why: 'The guide: with 200 steps and an interval of 100 there are only two data points for the evaluation metrics.',
    text: (fields: { interval: number; steps: number; points: number }) => ({
      found: `${fields.points} data points: every ${fields.interval} steps in ${fields.steps} steps`,
      expected: 'more than two, to see a curve',
      remedy: 'Lower evaluation_interval, at the price of a longer run.',
    }),
  },
  less_than_one_epoch: {
    severity: 'warning',
    title: 'Training ends before it has seen every example',
    why: 'Epochs are train_steps × batch size ÷ examples (guide, `STEPS`); below 1, part of the data is never used.',
    text: (fields: { epochs: number; stepsForOneEpoch: number }) => ({
      found: `${fields.epochs} epochs`,
      expected: 'at least 1',
      remedy: `One pass over the data takes ${fields.stepsForOneEpoch} steps.`,
    }),
  },
  many_epochs: {
    severity: 'warning',
    title: 'Training repeats the data very often',
    why: 'Pipelines of the guide: its recommended configurations lead to at most 120 passes over the data, and twice that is taken for a slip. tuningJobs: each pass is paid for (tokens of the data × epochs). Google’s pages recommend no number and its recorded samples ask for 1 to 20, so that more is taken for too many; 40 passes over 166 examples cost somebody 52 dollars when the evaluation had long stood still. Both limits are the product’s own.',
    text: (fields: { key: string; epochs: number; limit: number; isPaidByEpoch: boolean }) => ({
      found: `${fields.epochs} epochs`,
      expected: `at most ${fields.limit}`,
      remedy: fields.isPaidByEpoch
        ? `Check ${fields.key}: every epoch is paid for, and a model that has seen its data often enough gains nothing from more. "epoch_count": 3 is a first try.`
        : `Check ${fields.key}; a zero too many is quickly written and dearly paid.`,
    }),
  },
  learning_rate_unusual: {
    severity: 'advice',
    title: 'The learning rate is very high',
    why: 'The guide: learning_rate_multiplier is a factor on the recommended learning rate, which is 1.0. The limit is the product’s own; Google states none.',
    text: (fields: { found: number; limit: number }) => ({
      found: `learning_rate_multiplier ${fields.found}`,
      expected: `at most ${fields.limit}`,
      remedy: 'Check learning_rate_multiplier; 1 is the recommended learning rate.',
    }),
  },
  task_steps: {
    severity: 'advice',
    title: 'Other training steps than the guide recommends for the task',
    why: 'The guide, "Recommended configurations"; it also says to try several values, such as 100, 200 and 500.',
    text: (fields: { task: string; found: number; recommended: string }) => ({
      found: `${fields.found} steps for ${fields.task}`,
      expected: fields.recommended,
      remedy: 'Compare with a run of the recommended number of steps.',
    }),
  },
  task_model: {
    severity: 'advice',
    title: 'The task and the base model do not go together',
    why: 'The guide recommends chat models for chat, and text models for classification, summarization and extractive question answering.',
    text: (fields: { task: string; model: string; kind: string }) => ({
      found: `the task ${fields.task} with ${fields.model}`,
      expected: `a ${fields.kind} model`,
      remedy: 'Check task and base_model.',
    }),
  },
} as const;

export type ManifestIssue = IssueOf<typeof MANIFEST_ISSUES>;

/** Each issue once: what is wrong with every run of a sweep is told like what is wrong with one. */
export function distinctIssues(issues: readonly ManifestIssue[]): ManifestIssue[] {
  return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
}
export const manifestIssue = issueFactory(MANIFEST_ISSUES);

function remedyOfMissing({
  key,
  near,
  isSameName,
}: {
  key: string;
  near?: string | undefined;
  isSameName?: boolean | undefined;
}): string {
  if (near === undefined)
    return 'Upload the file and then tune.json again, or correct the name: capitals and spaces count.';
  return isSameName
    ? `Write "${key}": ${shown(near)}, which is there: capitals and spaces count.`
    : `Put the file there, or write "${key}": ${shown(near)}, which is there, if that one is meant.`;
}

function manyKeys({ key, of, named = of }: { key: string; of: number; named?: number }) {
  return `${of} of them: ${key}${of > named ? `, and ${of - named} more` : ''}`;
}

function remedyOfUnknown({ key, of, meant }: { key: string; of?: number; meant?: string | undefined }) {
  if (meant !== undefined) return `Write ${meant} or remove the key.`;
  return of === undefined ? `Remove ${key}.` : 'Remove them.';
}

const CAP_WORDS = {
  manifest: 'as the manifest says',
  deployment: 'as this deployment says',
} as const;

const RAISE = {
  manifest: 'Or raise max_cost_usd.',
  deployment: 'Or ask the administrator to raise MAX_COST_USD.',
} as const;

const WHY_UNKNOWN = {
  price: 'no price was found',
  acceleratorHours: 'it is paid for by accelerator hours',
  files: 'what the files of the examples add is not known before',
  notCounted: 'nobody has counted the data',
} as const;

/** The cap of a manifest is its author's alone; a price helps where nothing but that is missing. */
function whoLetsUnknown({
  setBy,
  why,
  model,
}: {
  setBy: 'manifest' | 'deployment';
  why: string;
  model: string;
}) {
  const isUsers = setBy === 'manifest';
  if (why !== 'price') {
    return isUsers ? 'Leave max_cost_usd out.' : 'Ask the administrator to set UNKNOWN_PRICES to allow.';
  }
  const ask = `sk the administrator to set MODEL_PRICES for ${model}`;
  return isUsers ? `Leave max_cost_usd out, or a${ask}.` : `A${ask}, or UNKNOWN_PRICES to allow.`;
}

/** A cap as somebody wrote it: fractions of a cent too. */
/** What to do about runs that are too dear together. */
function fewerRuns(fits: number): string {
  if (fits === 0) return 'Not even the cheapest of them fits: take fewer or shorter examples.';
  return `Name fewer values: the cheapest ${fits === 1 ? 'run fits' : `${fits} runs fit together`}.`;
}

function capText(limit: number): string {
  return Number(limit.toFixed(2)) === limit ? usd(limit) : `${limit} USD`;
}

function usd(amount: number): string {
  return `${dollarsText(amount)} USD`;
}

function inEpochs(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}

function whenRetired({
  date,
  daysLeft,
  isEarliest,
}: {
  date: string;
  daysLeft: number;
  isEarliest: boolean;
}) {
  if (!isEarliest) return `retires on ${date}, in ${inDays(daysLeft)}`;
  return daysLeft > 0
    ? `may retire from ${date} on, in ${inDays(daysLeft)}`
    : `may retire any day, or have retired: Google promised it until ${date}`;
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

const MAX_SHOWN = 120;
/** What would break a line or turn its reading direction: C0 and C1 controls, zero-width and bidirectional marks. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A value of the user's as a sentence shows it: JSON, one line, at most 120 characters, nothing invisible. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN).toWellFormed()}…` : text.toWellFormed();
  const quoted = typeof value === 'string' ? JSON.stringify(cut) : cut;
  return quoted.replace(
    UNPRINTABLE,
    (mark) => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
