import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export type Tool = (...args: string[]) => Promise<string>;

/** Runs a program with these variables on top of the environment; gives what it wrote, on either stream. */
export function toolWith(program: string, variables: Record<string, string>): Tool {
  return async (...args) => {
    const env = { ...process.env, ...variables };
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, timeout: 120_000 });
    return stdout + stderr;
  };
}

/** The lines of a page's command blocks that begin so, as one script. */
export function shownIn(page: string, beginning: RegExp): string {
  const lines = readFileSync(page, 'utf8').split('\n');
  const commands = lines.filter((line) => line.startsWith('    ')).map((line) => line.trim());
  const script = commands.filter((line) => beginning.test(line)).join('\n');
  if (script === '') throw new Error(`${page} shows no command that begins with ${beginning}`);
  return script;
}

/** What leads `gcloud` to an embedded service and to nobody else; `folder` keeps its settings. */
export function gcloudVariables(folder: string, endpoints: Record<string, string>): Record<string, string> {
  const overrides = Object.entries(endpoints).map(([service, url]) => [
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`,
    url,
  ]);
  return {
    ...Object.fromEntries(overrides),
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_CORE_PROJECT: 'local',
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
    CLOUDSDK_STORAGE_PROCESS_COUNT: '1',
  };
}
