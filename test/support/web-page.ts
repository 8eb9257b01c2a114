import { request } from 'node:http';

/** What a browser says of where a request comes from; a page cannot set these headers by itself. */
export interface WayOfPage {
  what: string;
  method: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
  headers: (own: string) => Record<string, string>;
}

const OTHER_PORT = 'http://localhost:4173';
const FROM_OTHER_PORT = { 'sec-fetch-site': 'same-site' };
const FORM = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', origin: OTHER_PORT };

/** How a page of another origin gets a browser to send something here, with the headers that browsers send (fetch.spec.whatwg.org). */
export const WAYS: readonly WayOfPage[] = [
  {
    what: 'a form of plain text',
    method: 'POST',
    headers: () => ({ ...FORM, ...FROM_OTHER_PORT, 'content-type': 'text/plain' }),
  },
  {
    what: 'a form with a file',
    method: 'POST',
    headers: () => ({ ...FORM, ...FROM_OTHER_PORT, 'content-type': 'multipart/form-data; boundary=b' }),
  },
  {
    what: 'a form of a page that hides its address',
    method: 'POST',
    headers: () => ({
      ...FORM,
      'sec-fetch-site': 'cross-site',
      origin: 'null',
      'content-type': 'text/plain',
    }),
  },
  {
    what: 'a form in a browser that says only its origin',
    method: 'POST',
    headers: () => ({ origin: 'https://example.com', 'content-type': 'application/x-www-form-urlencoded' }),
  },
  {
    what: 'fetch without CORS',
    method: 'POST',
    headers: () => ({
      ...{ origin: OTHER_PORT, ...FROM_OTHER_PORT, 'sec-fetch-mode': 'no-cors' },
      'content-type': 'text/plain;charset=UTF-8',
    }),
  },
  {
    what: 'a beacon',
    method: 'POST',
    headers: () => ({
      ...{ origin: 'https://example.com', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      'content-type': 'multipart/related; boundary=b',
    }),
  },
  {
    what: 'the question before a fetch with CORS',
    method: 'OPTIONS',
    headers: () => ({
      ...{ origin: OTHER_PORT, ...FROM_OTHER_PORT, 'sec-fetch-mode': 'cors' },
      ...{
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type',
      },
    }),
  },
  {
    what: 'fetch with CORS',
    method: 'PUT',
    headers: () => ({
      ...{ origin: OTHER_PORT, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      ...{ authorization: 'Bearer local', 'metadata-flavor': 'Google', 'content-type': 'application/json' },
    }),
  },
  {
    what: 'a picture or a script',
    method: 'GET',
    headers: () => ({
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'image',
    }),
  },
  {
    what: 'a frame or a window',
    method: 'GET',
    headers: () => ({ ...FROM_OTHER_PORT, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }),
  },
  {
    what: 'a name that was pointed at this machine',
    method: 'GET',
    headers: () => ({ host: 'rebound.example.com', 'sec-fetch-site': 'same-origin' }),
  },
  {
    what: 'a name that was pointed at this machine, as an upload',
    method: 'POST',
    headers: (own) => ({
      host: `rebound.example.com:${own.split(':')[1]}`,
      origin: `http://rebound.example.com:${own.split(':')[1]}`,
      'content-type': 'application/json',
    }),
  },
  {
    what: 'the address that means every address',
    method: 'POST',
    headers: (own) => ({ host: `0.0.0.0:${own.split(':')[1]}`, 'content-type': 'text/plain' }),
  },
];

export interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends what a browser would, byte by byte: `fetch` of Node corrects some of these headers. */
export function send(
  address: string,
  path: string,
  { method, headers, body }: { method?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Got> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const sent = request(
      { host, port, path, method: method ?? 'GET', headers: headers ?? {} },
      async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        const { statusCode: status = 0, headers: given } = answer;
        resolve({ status, headers: given, body: Buffer.concat(chunks).toString() });
      },
    );
    sent.on('error', reject).end(method === 'GET' || method === 'OPTIONS' ? undefined : body);
  });
}
