import type { IndexDefinition } from '../../../local/firestore/queries/index-definition.ts';
import {
  ADMIN_SERVICE,
  FIRESTORE_SERVICE,
  loadFirestoreProtos,
} from '../../../local/firestore/rpc/protos.ts';
import { startFirestore } from '../../../local/firestore/server.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../../support/firestore-emulator.ts';
import { serviceOptions } from '../../support/service-options.ts';
import { adminOperations } from './firestore-admin.ts';
import { connectFirestoreClients, type FirestoreClients } from './firestore-client.ts';
import { ANSWERING_OPERATIONS, STREAMING_OPERATIONS } from './firestore-documents.ts';
import { grpcRefusal, methodsOf } from './grpc.ts';
import type { ServiceOperations } from './operation.ts';

const INDEXES: IndexDefinition[] = [
  {
    collection: 'runs',
    fields: [
      { path: 'a', order: 'ASCENDING' },
      { path: 'b', order: 'ASCENDING' },
    ],
  },
];
const emulator = findFirestoreEmulator();
const every = methodsOf(loadFirestoreProtos(), [FIRESTORE_SERVICE, ADMIN_SERVICE]);

function overTransport(
  transport: 'gRPC' | 'HTTP',
): Pick<ServiceOperations<FirestoreClients>, 'refusalOf' | 'connect' | 'emulator'> {
  return {
    refusalOf: grpcRefusal,
    async connect() {
      const service = await startFirestore({ ...serviceOptions(), indexes: INDEXES });
      return connectFirestoreClients(service.address, { transport, stop: service.close });
    },
    emulator: {
      name: "Google's emulator",
      connect:
        'jar' in emulator
          ? async () => {
              const { address, stop } = await startFirestoreEmulator(emulator.jar);
              return connectFirestoreClients(address, { transport, stop });
            }
          : undefined,
    },
  };
}

export const FIRESTORE_OPERATIONS: ServiceOperations<FirestoreClients> = {
  ...overTransport('gRPC'),
  service: 'Firestore',
  about:
    'Over gRPC; the methods of `Firestore` but `Listen` and `Write` also over HTTP, where their JSON is the same on both sides.',
  every,
  operations: [...ANSWERING_OPERATIONS, ...STREAMING_OPERATIONS, ...adminOperations(every)],
};

/** The same again, by Google's client when it speaks HTTP; it has no streams in both directions there. */
export const FIRESTORE_HTTP_OPERATIONS: ServiceOperations<FirestoreClients> = {
  ...overTransport('HTTP'),
  service: 'Firestore over HTTP',
  every: [],
  operations: ANSWERING_OPERATIONS,
};
