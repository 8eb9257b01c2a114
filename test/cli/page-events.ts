import { request } from 'node:http';
import { createInterface } from 'node:readline';

export interface Events {
  /** The data of the next event; undefined when the server has ended them. */
  next(): Promise<string | undefined>;
}

/** Listens for server-sent events as a browser does; resolves when the server has begun. */
export function readEvents(url: string): Promise<Events> {
  return new Promise((resolve, reject) => {
    request(new URL('/events', url), (response) => {
      const lines = createInterface({ input: response })[Symbol.asyncIterator]();
      const next = async (): Promise<string | undefined> => {
        // A server that closes breaks the connection: that is the end of the events.
        const { value, done } = await lines.next().catch(() => ({ value: '', done: true }));
        if (done) return undefined;
        return value.startsWith('data: ') ? value.slice('data: '.length) : next();
      };
      resolve({ next });
    })
      .on('error', reject)
      .end();
  });
}
