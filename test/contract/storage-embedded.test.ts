import type { Storage } from '@google-cloud/storage';
import { storageContract } from './storage-contract.ts';
import { connectByEndpoint, connectByVariable, startHarness } from './storage-harness.ts';

const connectWith = (client: (address: string) => Storage) => async () => {
  const harness = await startHarness();
  return {
    storage: client(harness.service.address),
    bucket: 'inbox',
    otherBucket: 'results',
    close: harness.close,
  };
};

storageContract('embedded, found through apiEndpoint', connectWith(connectByEndpoint));
storageContract('embedded, found through STORAGE_EMULATOR_HOST', connectWith(connectByVariable));
