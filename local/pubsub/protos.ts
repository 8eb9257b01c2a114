import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The protobuf description comes with the client, so that server and client cannot disagree. */
export function clientProtos(): object {
  const file = createRequire(import.meta.url).resolve('@google-cloud/pubsub/build/protos/protos.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}
