import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from './call.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

const LOG_IN =
  'You are not logged in: no application default credentials were found. Log in with gcloud auth application-default login, or name a key or a configuration in GOOGLE_APPLICATION_CREDENTIALS.';

/**
 * Why there are no credentials, without asking anybody; undefined where there may be some: named in the environment, left by
 * `gcloud auth application-default login`, or those of a machine in Google Cloud whose metadata server the environment names.
 */
export function whyNoCredentials(environment: Record<string, string | undefined>): string | undefined {
  const { GOOGLE_APPLICATION_CREDENTIALS: named, GCE_METADATA_HOST: host } = environment;
  const { METADATA_SERVER_DETECTION: detection, CLOUDSDK_CONFIG: config, HOME, APPDATA } = environment;
  if (named || host || detection === 'assume-present') return undefined;
  const folders = [config, HOME && join(HOME, '.config', 'gcloud'), APPDATA && join(APPDATA, 'gcloud')];
  const hasLoggedIn = folders.some(
    (folder) => folder && existsSync(join(folder, 'application_default_credentials.json')),
  );
  return hasLoggedIn ? undefined : LOG_IN;
}

/** Google's own way: application default credentials, looked for once they are needed. They go to Google's hosts alone. */
export function googleCredentials(): Credentials {
  let headers: Credentials | undefined;
  return async (url) => {
    if (!/^https:\/\/(?:[a-z0-9-]+\.)+googleapis\.com\//.test(url))
      throw new Error(`${url} is at no host of Google's`);
    headers ??= await load();
    return headers(url);
  };
}

async function load(): Promise<Credentials> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: SCOPE });
  return async (url) => {
    const headers = await auth.getRequestHeaders(url).catch((error: unknown) => {
      throw new Error(whyNot(error));
    });
    return Object.fromEntries(headers.entries());
  };
}

function whyNot(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/could not load the default credentials/i.test(message)) return LOG_IN;
  return `Google does not take your credentials: ${message}. Log in again: gcloud auth application-default login`;
}

/** Nobody checks who calls a service on this machine; Google's emulators let an owner do everything. */
export const localCredentials: Credentials = async () => ({ authorization: 'Bearer owner' });
