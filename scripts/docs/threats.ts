import { markdownTable } from './markdown.ts';

/** What could be tried, what stands against it, and the tests that fail without it. */
export interface Threat {
  id: `T${number}`;
  threat: string;
  defence: string;
  /** Paths from the root. */
  tests: readonly string[];
}

const test = (name: string) => `test/${name}.test.ts`;

export const THREATS: readonly Threat[] = [
  {
    ...{ id: 'T1', threat: 'A manifest names data that only the functions can read.' },
    defence: 'Only the inbox and listed buckets are looked into; a job reads the checked copy.',
    tests: [test('functions/defences'), test('e2e/decoy'), test('core/manifest-hostile')],
  },
  {
    ...{ id: 'T2', threat: 'A job writes where it must not, or into the inbox.' },
    defence: 'Output lies in the results bucket or below a listed root, in a folder of the run.',
    tests: [test('core/deployment')],
  },
  {
    ...{ id: 'T3', threat: 'A job runs as an account with more rights.' },
    defence: 'An account is listed or the deployment’s own, and is always named.',
    tests: [test('core/deployment'), test('core/plan')],
  },
  {
    ...{ id: 'T4', threat: 'A job takes a key, a TensorBoard or a network of others.' },
    defence: 'Keys and TensorBoards are listed; the manifest has no key for a network.',
    tests: [test('core/deployment'), test('core/tuning-deployment')],
  },
  {
    ...{ id: 'T5', threat: 'A manifest brings a template of its own, and so any container.' },
    defence: 'The template follows from the model, in one table.',
    tests: [test('core/deployment-constants'), test('core/plan')],
  },
  {
    ...{ id: 'T6', threat: 'A region becomes a host, and a token goes there.' },
    defence:
      'Regions are a list, hosts another that is asked before each call; another endpoint is loopback alone.',
    tests: [test('functions/defences'), test('contract/tuning-backend')],
  },
  {
    ...{ id: 'T7', threat: 'A label poses as one of ours.' },
    defence: 'Our names are reserved, and ours are written last.',
    tests: [test('core/manifest-hostile'), test('functions/remedies')],
  },
  {
    ...{ id: 'T8', threat: 'An address makes a function fetch something.' },
    defence:
      'Functions fetch no address of a user; in the embedded cloud they reach nothing beyond this machine.',
    tests: [test('local/outbound'), test('core/manifest-hostile')],
  },
  {
    ...{ id: 'T9', threat: 'An event or a call is made up.' },
    defence:
      'Only the trigger account may call; an event tells where to look and nothing else; a message has a run’s id and nothing else; poll is run by POST.',
    tests: [
      test('functions/forged-events'),
      test('functions/defences'),
      test('functions/boundary'),
      test('e2e/forged-requests'),
    ],
  },
  {
    ...{ id: 'T10', threat: 'A text poses as a line of the log, or steers a terminal.' },
    defence:
      'A line is one JSON object with fixed keys; one function makes all text printable; what the framework writes is a field of a line.',
    tests: [test('cli/terminal'), test('e2e/forged-requests'), test('repo/text-rules')],
  },
  {
    ...{ id: 'T11', threat: 'Texts of examples get into documents, reports, logs or messages.' },
    defence:
      'Issues have lines and places; keys are told when they are plain and short, labels when three examples have them, what all begin with when the deployment says so.',
    tests: [test('functions/canaries'), test('e2e/decoy')],
  },
  {
    ...{ id: 'T12', threat: 'A name becomes a path in the database.' },
    defence: 'Ids are hashes; the id in a message has one form.',
    tests: [test('functions/defences'), test('core/run-state')],
  },
  {
    ...{ id: 'T13', threat: 'A browser reads or writes run documents.' },
    defence:
      'No rules are deployed, and without rules Firestore answers no browser; each function’s role is on the one database.',
    tests: [test('terraform/configuration')],
  },
  {
    ...{ id: 'T14', threat: 'A key such as `__proto__` changes the program.' },
    defence: 'Unknown keys are refused, and what is parsed is never merged into something else.',
    tests: [test('core/manifest-hostile'), test('e2e/decoy')],
  },
  {
    ...{ id: 'T15', threat: 'A text keeps a regular expression busy.' },
    defence: 'Expressions are linear, and texts are bounded before they are matched.',
    tests: [test('core/manifest-hostile')],
  },
  {
    ...{ id: 'T16', threat: 'A file is too much: packed, deep, long.' },
    defence: 'What is packed is refused unread; manifests, lines and nesting have limits.',
    tests: [test('functions/validate'), test('contract/object-store'), test('core/json-document')],
  },
  {
    ...{ id: 'T17', threat: 'Uploads cost more than anybody wants.' },
    defence:
      'Caps on active jobs, steps, tokens, accelerators and a folder’s runs a day, unless a deployment writes none; caps in dollars where it sets them.',
    tests: [
      test('core/default-caps'),
      test('functions/admission-turns'),
      test('functions/folder-budget'),
      test('core/cost'),
    ],
  },
  {
    ...{ id: 'T18', threat: 'An uploader stops the runs of another, or trains on data of another.' },
    defence:
      'A manifest cancels the runs of its own path alone, and names data of its own team where teams are separated. Whoever may overwrite a manifest can cancel.',
    tests: [test('contract/firestore-run-store'), test('functions/cancel'), test('functions/team-folders')],
  },
  {
    ...{ id: 'T19', threat: 'A manifest says one thing to us and another to its reader.' },
    defence: 'A key that stands twice, an unknown key and bytes that are not UTF-8 are refused.',
    tests: [test('core/manifest'), test('core/json-document')],
  },
  {
    ...{ id: 'T20', threat: 'An answer has the words or the stack of an error.' },
    defence: 'Functions start with `NODE_ENV=production` alone, which Terraform sets.',
    tests: [test('functions/defences'), test('e2e/forged-requests'), test('terraform/configuration')],
  },
  {
    ...{ id: 'T21', threat: 'A package, or who plans, brings something along.' },
    defence:
      'Exact versions with checksums, without the scripts of packages; what may change the project installs nothing, and applies the plan whose hash was approved.',
    tests: [
      test('repo/supply-chain'),
      test('repo/files'),
      test('terraform/deploy-scripts'),
      test('terraform/configuration'),
    ],
  },
  {
    ...{ id: 'T22', threat: 'Somebody else has a bucket of the expected name.' },
    defence: 'Terraform makes the buckets, named after the project; nothing makes one at run time.',
    tests: [test('terraform/configuration')],
  },
  {
    ...{ id: 'T23', threat: 'A run document is changed by whoever comes late.' },
    defence: 'One table of transitions, within a transaction; an overtaken writer is fenced.',
    tests: [test('contract/memory-run-store'), test('core/run-state')],
  },
  {
    ...{ id: 'T24', threat: 'Old or foreign messages are sent again.' },
    defence: 'A message asks for what is due anyway; a job is made once.',
    tests: [test('functions/dead-letters'), test('functions/submit')],
  },
  {
    ...{ id: 'T25', threat: 'A web page reaches what runs on a developer’s machine.' },
    defence:
      'One guard before every HTTP service: own names, own origin; what the page of all runs may do (a cancel, a drop) needs a token that stands in that page alone; uploads are never run; nothing listens beyond loopback.',
    tests: [test('e2e/web-pages'), test('e2e/listening'), test('cli/page')],
  },
];

/** The table of `docs/security.md`. */
export function threatTable(): string {
  return markdownTable(
    ['', 'what could be tried', 'what stands against it', 'a test fails without it'],
    THREATS.map(({ id, threat, defence, tests }) => [
      id,
      threat,
      defence,
      tests.map((path) => `[${path.slice('test/'.length, -'.test.ts'.length)}](../${path})`).join('<br>'),
    ]),
  );
}
