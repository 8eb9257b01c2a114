import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asCaller } from './callers.ts';
import { refuseForeign } from './loopback-guard.ts';
import type { LocalService } from './service.ts';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * A server of one handler, which listens nowhere yet and answers no web page but its own. A handler that throws answers 500; the
 * process never dies of it.
 */
export function createHttpServer(handler: HttpHandler, log: (line: string) => void): Server {
  const failed = (error: unknown, request: IncomingMessage, response: ServerResponse): void => {
    // A client that left in the middle of what it said: nobody is there to be answered.
    if (request.destroyed && !request.complete) return;
    const isTooLarge = error instanceof BodyTooLarge;
    if (!isTooLarge)
      log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    if (response.headersSent) response.destroy();
    else if (isTooLarge) sendJson(response, 413, errorOf(413, error.message));
    else sendJson(response, 500, errorOf(500, 'Internal error', 'INTERNAL'));
  };
  // An idle connection is closed by who opened it: closed here, it may meet the next request on its way, on a busy machine.
  return createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (refuseForeign(request, response)) return void request.resume();
    handler(request, response)
      .catch((error: unknown) => failed(error, request, response))
      .finally(() => discardRest(request));
  });
}

/**
 * What an early answer left unread must still flow, or the client never comes to read that answer, and the next request on the
 * connection never comes up. A reader that stopped in the middle still listens, and a stream that is listened to does not flow.
 */
function discardRest(request: IncomingMessage): void {
  request.removeAllListeners('readable');
  request.resume();
}

/** Serves one handler on loopback. */
export async function serveHttp(
  port: number,
  handler: HttpHandler,
  log: (line: string) => void,
): Promise<LocalService> {
  const servers: Server[] = [];
  const open = async (onPort: number, caller: string | undefined): Promise<string> => {
    const server = createHttpServer((...call) => asCaller(caller, () => handler(...call)), log);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(onPort, '127.0.0.1', resolve);
    });
    servers.push(server);
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return {
    address: await open(port, undefined),
    door: (caller) => open(0, caller),
    close: async () => void (await Promise.all(servers.map(closeServer))),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

class BodyTooLarge extends Error {}

const errorOf = (code: number, message: string, status = 'INVALID_ARGUMENT') => ({
  error: { code, message, status },
});

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/** The request's body; leaving it early keeps the connection, so that an answer can still be sent. */
export function bodyOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false });
}

/** The whole request body; past `maxBytes` it rejects, which `serveHttp` answers with 413. */
export async function readBody(request: IncomingMessage, maxBytes = 64 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(request)) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLarge(`The request body is over ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
