import { createServer } from 'node:net';

/** So many ports: from `base` upwards, each found free, or any free ones where there is no base. */
export async function choosePorts(count: number, base?: number): Promise<number[]> {
  const wanted = Array.from({ length: count }, (_, index) => (base === undefined ? 0 : base + index));
  return Promise.all(wanted.map(tryPort));
}

/** The port, or a free one for 0; rejects with what to do when it is taken. */
function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(new Error(`Port ${port} is taken: name another range of ports with --port-base N.`)),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
