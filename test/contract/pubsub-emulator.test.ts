import { describe, it } from 'vitest';
import { findPubSubEmulator, startPubSubEmulator } from '../support/pubsub-emulator.ts';
import { pubsubContract } from './pubsub-contract.ts';
import { pubsubSeekContract } from './pubsub-contract-seek.ts';

const jar = findPubSubEmulator();
if (jar) {
  pubsubContract("Google's Pub/Sub emulator", () => startPubSubEmulator(jar));
  pubsubSeekContract("Google's Pub/Sub emulator", () => startPubSubEmulator(jar));
} else {
  console.warn('SKIPPED: the Pub/Sub contract against Google’s emulator: needs java and gcloud with its jar');
  describe("Google's Pub/Sub emulator", () => it.skip('SKIPPED: java and its jar are not on this machine'));
}
