import { execFile, execFileSync } from 'node:child_process';
import { temporaryFolder } from './service-options.ts';

/** Why gcloud cannot be asked on this machine; undefined where it can. */
export function whyNoGcloud(): string | undefined {
  try {
    execFileSync('gcloud', ['--version'], { stdio: 'ignore', timeout: 60_000 });
    return undefined;
  } catch {
    return 'gcloud is not installed';
  }
}

export interface GcloudResult {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * gcloud with a configuration of its own and nobody's credentials, for the project `demo`. `endpoints` are the addresses of
 * services by gcloud's names, such as `{ firestore: 'http://127.0.0.1:9102/' }`.
 */
export function createGcloud(
  endpoints: Record<string, string>,
): (...args: string[]) => Promise<GcloudResult> {
  const overrides = Object.entries(endpoints).map(([service, url]) => [
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`,
    url,
  ]);
  const env = {
    ...process.env,
    ...Object.fromEntries(overrides),
    CLOUDSDK_CONFIG: temporaryFolder(),
    CLOUDSDK_CORE_PROJECT: 'demo',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_AUTH_ACCESS_TOKEN: 'local',
  };
  return (...args) =>
    new Promise((resolve) => {
      execFile('gcloud', args, { env, encoding: 'utf8' }, (error, stdout, stderr) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
      );
    });
}
