import { v1 } from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import type { Connected } from './operation.ts';

/** Google's two low-level clients of Firestore, and a database that nobody else uses. */
export interface FirestoreClients {
  documents: InstanceType<typeof v1.FirestoreClient>;
  admin: InstanceType<typeof v1.FirestoreAdminClient>;
  /** `projects/P/databases/(default)`, a new one each time. */
  aDatabase(): FirestoreDatabase;
}

/** A database with helpers for what comes before a probe. */
export interface FirestoreDatabase {
  database: string;
  /** `.../documents` */
  root: string;
  /** Sets a document, by its path below the root; answers its full name. */
  aDocument(path: string, fields?: Record<string, object>): Promise<string>;
}

/** Google's emulator lets nobody but its owner list collections and write batches. */
export const OWNER = { otherArgs: { headers: { authorization: 'Bearer owner' } } };

type ClientOptions = ConstructorParameters<typeof v1.FirestoreClient>[0];

export function connectFirestoreClients(
  address: string,
  { transport, stop }: { transport: 'gRPC' | 'HTTP'; stop: () => Promise<unknown> },
): Connected<FirestoreClients> {
  const [servicePath = '', port] = address.split(':');
  // Without it, each client looks for a metadata server.
  process.env.METADATA_SERVER_DETECTION = 'none';
  const reached = { servicePath, port: Number(port), projectId: 'operations' };
  const options: ClientOptions =
    transport === 'gRPC'
      ? { ...reached, sslCreds: credentials.createInsecure() }
      : { ...reached, fallback: true, protocol: 'http', authClient: new PassThroughClient() };
  const documents = new v1.FirestoreClient(options);
  const admin = new v1.FirestoreAdminClient(options);
  let databases = 0;
  return {
    client: {
      ...{ documents, admin },
      aDatabase() {
        databases += 1;
        const database = `projects/operations-${databases}/databases/(default)`;
        const root = `${database}/documents`;
        return {
          ...{ database, root },
          async aDocument(path, fields = {}) {
            const name = `${root}/${path}`;
            await documents.commit({ database, writes: [{ update: { name, fields } }] });
            return name;
          },
        };
      },
    },
    async close() {
      await Promise.all([documents.close(), admin.close()]);
      await stop();
    },
  };
}

/** The messages of a stream that ends by itself. */
export function collected<Message>(stream: NodeJS.EventEmitter): Promise<Message[]> {
  return new Promise((resolve, reject) => {
    const messages: Message[] = [];
    stream.on('data', (message: Message) => messages.push(message));
    stream.on('error', reject);
    stream.on('end', () => resolve(messages));
  });
}

/** The first message of a stream that has no end; the stream is given up. */
export function firstOf<Message>(stream: NodeJS.EventEmitter & { cancel(): void }): Promise<Message> {
  return new Promise((resolve, reject) => {
    stream.once('data', (message: Message) => {
      stream.on('error', () => {});
      stream.cancel();
      resolve(message);
    });
    stream.once('error', reject);
  });
}
