import type { Credentials } from './call.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

const LOG_IN =
  'You are not logged in: no application default credentials were found. Log in with gcloud auth application-default login, or name a key or a configuration in GOOGLE_APPLICATION_CREDENTIALS.';

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
