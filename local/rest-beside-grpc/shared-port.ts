import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Takes over a connection, of which nothing has been read. */
export type TakeConnection = (socket: Socket) => void;

export interface SharedPort {
  readonly port: number;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** What every HTTP/2 connection begins with, and no HTTP/1 request (RFC 9113, 3.4); its first five bytes are enough to know. */
const HTTP2_PREFACE = Buffer.from('PRI *');

/** One loopback port for two servers: HTTP/2 (gRPC) goes to one of them, HTTP/1 to the other, as in Google's emulators. */
export async function listenForBoth(
  port: number,
  { http1, http2 }: { http1: TakeConnection; http2: TakeConnection },
): Promise<SharedPort> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    whenKnown(socket, (isHttp2) => (isHttp2 ? http2 : http1)(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Reads as many bytes as are needed to know which it is, and puts them back. */
function whenKnown(socket: Socket, take: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const look = () => {
    seen = Buffer.concat([seen, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
    const length = Math.min(seen.length, HTTP2_PREFACE.length);
    const fits = seen.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
    if (fits && length < HTTP2_PREFACE.length) return;
    socket.off('readable', look);
    socket.unshift(seen);
    take(fits);
  };
  socket.on('readable', look);
}
