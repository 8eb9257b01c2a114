import { invalid, VertexError } from '../http/api-error.ts';
import { camelKeys, isJsonObject, type Json, type JsonObject } from '../http/json.ts';
import { type Labels, readLabels } from '../http/labels.ts';
import type { PipelineParameter } from '../store/pipeline-job.ts';
import { checkParameters } from './parameters.ts';
import { TEMPLATES, type Template } from './templates.ts';

/** What a well-formed create request asks for. */
export interface PipelineJobRequest {
  templateUri: string;
  template: Template;
  parameters: Record<string, PipelineParameter>;
  labels: Labels;
  echo: JsonObject;
}

/** `PipelineJob` fields a caller may write (discovery document of v1). */
const INPUT_FIELDS = [
  'displayName',
  'runtimeConfig',
  'pipelineSpec',
  'encryptionSpec',
  'serviceAccount',
  'network',
  'reservedIpRanges',
  'preflightValidations',
  'pscInterfaceConfig',
];

/** Fields the caller may send and the server ignores, as it does every output-only field. */
const OUTPUT_FIELDS = [
  'name',
  'createTime',
  'startTime',
  'endTime',
  'updateTime',
  'state',
  'jobDetail',
  'error',
  'templateMetadata',
  'scheduleName',
  'satisfiesPzs',
  'satisfiesPzi',
];

const KNOWN_FIELDS = new Set([...INPUT_FIELDS, ...OUTPUT_FIELDS, 'labels', 'templateUri']);
const RUNTIME_FIELDS = new Set([
  'gcsOutputDirectory',
  'parameterValues',
  'parameters',
  'failurePolicy',
  'inputArtifacts',
  'defaultRuntime',
]);

/** Checks the body of pipelineJobs.create; throws INVALID_ARGUMENT with the first thing that is wrong. */
export function readPipelineJobRequest(body: JsonObject): PipelineJobRequest {
  const job = camelKeys(body);
  checkFields(job, KNOWN_FIELDS, 'pipeline_job');
  checkDisplayName(job.displayName);
  const templateUri = job.templateUri;
  if (typeof templateUri !== 'string') {
    throw invalid('template_uri is required: the embedded service runs tuning templates only.');
  }
  const template = TEMPLATES[templateUri];
  if (!template) throw invalid(`The pipeline template ${templateUri} is not one that this service has.`);
  const runtimeConfig = readRuntimeConfig(job.runtimeConfig);
  const parameterValues = runtimeConfig.parameterValues ?? {};
  if (!isJsonObject(parameterValues)) throw invalid('runtime_config.parameter_values must be an object.');
  const sent = INPUT_FIELDS.flatMap((field) => {
    const value = job[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    templateUri,
    template,
    parameters: checkParameters(template, parameterValues),
    labels: readLabels(job.labels),
    echo: { ...Object.fromEntries(sent), runtimeConfig },
  };
}

function checkFields(object: JsonObject, known: Set<string>, at: string): void {
  const unknown = Object.keys(object).find((field) => !known.has(field));
  if (unknown === undefined) return;
  const description = `Invalid JSON payload received. Unknown name "${unknown}" at '${at}': Cannot find field.`;
  throw new VertexError('INVALID_ARGUMENT', description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: at, description }] },
  ]);
}

function checkDisplayName(displayName: Json | undefined): void {
  if (displayName === undefined) return;
  if (typeof displayName !== 'string' || [...displayName].length > 128) {
    throw invalid('display_name must be a string of at most 128 characters.');
  }
}

function readRuntimeConfig(value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) throw invalid('runtime_config is required.');
  const config = camelKeys(value);
  checkFields(config, RUNTIME_FIELDS, 'pipeline_job.runtime_config');
  const directory = config.gcsOutputDirectory;
  if (typeof directory !== 'string' || !/^gs:\/\/[^/]+/.test(directory)) {
    throw invalid('runtime_config.gcs_output_directory is required and must start with gs://.');
  }
  if (config.parameters !== undefined && Object.keys(config.parameters ?? {}).length > 0) {
    throw invalid('runtime_config.parameters is for pipelines of schema 2.0.0; send parameter_values.');
  }
  return config;
}
