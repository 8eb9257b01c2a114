import type { Run } from './run.ts';

/** Links to the Google Cloud console; `console` is its base URL, or empty where there is none. */
export interface ConsoleOptions {
  console: string;
  project: string;
}

/** The folder of an upload or a result. */
function storageLink(uri: string, { console, project }: ConsoleOptions): string {
  return `${console}/storage/browser/${uri.replace(/^gs:\/\//, '')}?project=${project}`;
}

/** The page of a pipeline job, from its resource name. */
function jobLink(jobName: string, { console, project }: ConsoleOptions): string {
  const [, , , region, , id] = jobName.split('/');
  return `${console}/vertex-ai/pipelines/locations/${region}/runs/${id}?project=${project}`;
}

/** The page of a model in the registry, from its resource name with or without `@version`. */
function modelLink(modelName: string, { console, project }: ConsoleOptions): string {
  const [, , , region, , id = ''] = modelName.split('/');
  const [model, version = '1'] = id.split('@');
  return `${console}/vertex-ai/models/locations/${region}/models/${model}/versions/${version}/properties?project=${project}`;
}

/** Every link that a run has by now. */
export function linksOf({ status }: Pick<Run, 'status'>, options: ConsoleOptions): Record<string, string> {
  if (options.console === '') return {};
  const links: Record<string, string> = { folder: storageLink(status.folder, options) };
  if (status.job) links.job = jobLink(status.job.name, options);
  if (status.model) links.model = modelLink(status.model, options);
  return links;
}
