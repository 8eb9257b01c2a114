import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the receiver does with a request: a status, no answer at all, or a dropped connection. */
export type Reply = number | 'never' | 'drop';

/** A push endpoint that records what arrives and answers as the test asked for. */
export interface Receiver {
  url: string;
  requests: ReceivedRequest[];
  /** The answers to the coming requests, in order; 204 after that. */
  reply(...replies: Reply[]): void;
  /** The next request that nobody has taken with `next` yet. */
  next(): Promise<ReceivedRequest>;
  close(): Promise<void>;
}

export async function createReceiver(port = 0): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const replies: Reply[] = [];
  const waiting: ((request: ReceivedRequest) => void)[] = [];
  let taken = 0;

  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const request = { url: incoming.url ?? '', headers: incoming.headers, body };
    const reply = replies.shift() ?? 204;
    requests.push(request);
    const resolve = waiting.shift();
    if (resolve) {
      taken += 1;
      resolve(request);
    }
    if (reply === 'drop') incoming.socket.destroy();
    else if (reply !== 'never') response.writeHead(reply).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reply: (...coming) => {
      replies.push(...coming);
    },
    next() {
      const request = requests[taken];
      if (request) {
        taken += 1;
        return Promise.resolve(request);
      }
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
