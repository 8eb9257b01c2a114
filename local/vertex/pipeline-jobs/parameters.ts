import { invalid } from '../http/api-error.ts';
import type { Json, JsonObject } from '../http/json.ts';
import type { PipelineParameter } from '../store/pipeline-job.ts';
import type { ParameterRule, ParameterType, Template } from './templates.ts';

/** A value of the declared type, or undefined. Numbers may be written as strings: Google's own embedding sample does it. */
const READ: Record<ParameterType, (value: Json) => PipelineParameter | undefined> = {
  STRING: (value) => (typeof value === 'string' ? value : undefined),
  BOOLEAN: (value) => (typeof value === 'boolean' ? value : undefined),
  NUMBER_DOUBLE: (value) => readNumber(value),
  NUMBER_INTEGER: (value) => {
    const number = readNumber(value);
    return Number.isInteger(number) ? number : undefined;
  },
};

function readNumber(value: Json): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function readValue(rule: ParameterRule, value: Json): PipelineParameter | undefined {
  if (rule.booleanToo && typeof value === 'boolean') return String(value);
  return READ[rule.type](value);
}

/**
 * The parameters by their declared types.
 * Refuses unknown names on purpose: what the real server does with them is not known, and a misspelt name
 * (`"accelerator_type:"`, as an example of the tuning guide has it) must not be silently lost.
 */
export function checkParameters(template: Template, values: JsonObject): Record<string, PipelineParameter> {
  const checked: Record<string, PipelineParameter> = {};
  for (const [name, value] of Object.entries(values)) {
    const rule = template.parameters[name];
    if (!rule) {
      throw invalid(
        `The pipeline parameter ${name} is not found in the pipeline job input definitions of ${template.pipelineName}.`,
      );
    }
    const read = readValue(rule, value);
    if (read === undefined) {
      throw invalid(`The pipeline parameter ${name} must be ${rule.type}, but is ${JSON.stringify(value)}.`);
    }
    checked[name] = read;
  }
  const missing = Object.entries(template.parameters)
    .filter(([name, rule]) => rule.required && checked[name] === undefined)
    .map(([name]) => name);
  if (missing.length > 0)
    throw invalid(`The pipeline job misses required parameters: ${missing.join(', ')}.`);
  return checked;
}
