import { readFileSync } from 'node:fs';
import type { OnLoadResult, Plugin, PluginBuild } from 'esbuild';
import { serviceAlone } from './service-alone.ts';

/** What a bundle has in place of a file of Google's clients. */
interface Replacement {
  /** From `node_modules/` on. */
  file: string;
  /** `original` reads the file. */
  contents: (original: () => string) => string;
}

const nothing = () => '';

/**
 * A function asks nothing but Firestore through gRPC. The client for it brings clients and messages of other services, and descriptions
 * of messages for servers: nearly half of a bundle, read and made before the first answer, and never called. What is called all the same
 * throws. Why, and what else was tried: docs/decisions/0014-less-is-loaded-before-the-first-answer.md.
 */
const REPLACEMENTS: readonly Replacement[] = [
  // The client of administration, and the messages as classes: below.
  { file: '@google-cloud/firestore-api/build/src/index.js', contents: () => "exports.v1 = require('./v1');" },
  {
    file: '@google-cloud/firestore-api/build/src/v1/index.js',
    contents: () => "exports.FirestoreClient = require('./firestore_client').FirestoreClient;",
  },
  // Messages as classes: only options of pipelines and exported bundles of documents are made of them.
  {
    file: '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js',
    contents: () => 'exports.google = { firestore: { v1: { Value: {} } } };',
  },
  // The messages that gRPC encodes: those of Firestore, without those of its administration.
  {
    file: '@google-cloud/firestore-api/build/protos/protos.json',
    contents: (original) =>
      JSON.stringify(serviceAlone(JSON.parse(original()), 'google.firestore.v1.Firestore')),
  },
  // Locations, permissions and operations: each client of Google's can ask for them, and makes a client of locations at its start.
  {
    file: 'google-gax/build/src/locationService.js',
    contents: () => 'exports.LocationsClient = class { async close() {} };',
  },
  { file: 'google-gax/build/src/iamService.js', contents: nothing },
  { file: 'google-gax/build/protos/iam_service.js', contents: nothing },
  { file: 'google-gax/build/protos/locations.js', contents: nothing },
  { file: 'google-gax/build/protos/operations.js', contents: nothing },
  // What a server of gRPC tells of its messages to who asks for it; a client only sends and receives them.
  {
    file: 'protobufjs/ext/descriptor/index.js',
    contents: () => `const { Enum, Root, Type } = require('protobufjs');
const undescribed = { $type: { toObject: () => ({}) } };
Root.prototype.toDescriptor = () => ({ file: [] });
Type.prototype.toDescriptor = Enum.prototype.toDescriptor = () => undescribed;`,
  },
];

/** Leaves out of a bundle with Firestore's client what is never called; fails where a row is of no use, as when a version moves a file. */
export const UNUSED_PARTS: Plugin = {
  name: 'unused-parts',
  setup({ onLoad, onStart, onEnd }: PluginBuild) {
    const unseen = new Set<string>();
    onStart(() => {
      for (const { file } of REPLACEMENTS) unseen.add(file);
    });
    for (const { file, contents } of REPLACEMENTS) {
      onLoad({ filter: filterOf(file) }, ({ path }): OnLoadResult => {
        unseen.delete(file);
        return {
          contents: contents(() => readFileSync(path, 'utf8')),
          loader: file.endsWith('.json') ? 'json' : 'js',
        };
      });
    }
    onEnd(() => ({
      errors: [...unseen].map((file) => ({
        text: `the bundle has no ${file}: see what has its place in this version, and change or remove its row in scripts/build/unused-parts.ts`,
      })),
    }));
  },
};

const filterOf = (file: string): RegExp =>
  new RegExp(`[\\\\/]node_modules[\\\\/]${file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`);
