import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/**
 * Keeps web pages away from what runs on this machine. A browser sends the requests of every page here too: with forms, scripts and
 * pictures, from a page of another origin (`Origin`, `Sec-Fetch-Site`), or by a name that a site points at this machine (`Host`,
 * DNS rebinding). Another port of this machine is another origin. What is no browser sends none of these headers but `Host`.
 * True when it has answered, and the request must not be served.
 */
export function refuseForeign({ headers }: IncomingMessage, response: ServerResponse): boolean {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value ?? '');
  const message = whyForeign(headers);
  if (message === undefined) return false;
  const body = JSON.stringify({ error: { code: 403, message, status: 'PERMISSION_DENIED' } });
  response.writeHead(403, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
  return true;
}

/** Whatever a browser is given, an upload too, it neither guesses the type of nor runs, embeds or reads from another origin. */
const SAFE_HEADERS: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
};

/** The names of this machine, with any port: a tunnel or a proxy may have one of its own. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** What a request of the service's own pages says of itself, or one that a person typed (w3.org/TR/fetch-metadata). */
const OWN_SITES: readonly unknown[] = [undefined, 'same-origin', 'none'];

/** Why a request with these headers must not be answered; undefined when it may be. */
function whyForeign({ host = '(none)', origin, ...others }: IncomingMessage['headers']): string | undefined {
  if (!OWN_HOST.test(host)) {
    return `The Host ${host} is not this machine: call 127.0.0.1 or localhost.`;
  }
  if (origin !== undefined && ![`http://${host}`, `https://${host}`].includes(origin)) {
    return `The Origin ${origin} is not this service: no web page but its own may call it.`;
  }
  const site = others['sec-fetch-site'];
  if (!OWN_SITES.includes(site)) {
    return `The request comes from a web page of another origin (Sec-Fetch-Site: ${site}): type the address or paste it.`;
  }
  return undefined;
}
