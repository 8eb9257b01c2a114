/** A defence as it is taken away: a text of a file, what stands in its place, and the tests of which one must fail then. */
export interface Mutant {
  /** T1 to T24 of docs/security.md. */
  threat: `T${number}`;
  what: string;
  file: string;
  from: string;
  to: string;
  test: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    ...{ threat: 'T1', what: 'data of any bucket is read' },
    file: 'functions/validate/stage.ts',
    from: ' || !isAllowed(parsed)) return [];',
    to: ' || isAllowed === undefined) return [];',
    test: 'test/functions/defences.test.ts',
  },
  {
    ...{ threat: 'T2', what: 'a job writes wherever the manifest says' },
    file: 'shared/core/manifest/deployment.ts',
    from: 'if (parsed.ok && limits.allowedOutputRoots.some((root) => isUnder(root, output_directory))) return [];',
    to: 'if (parsed.ok) return [];',
    test: 'test/core/deployment.test.ts',
  },
  {
    ...{ threat: 'T3', what: 'a job runs as any account' },
    file: 'shared/core/manifest/deployment.ts',
    from: 'account !== undefined && !accounts.includes(account)',
    to: 'account === ""',
    test: 'test/core/deployment.test.ts',
  },
  {
    ...{ threat: 'T4', what: 'any key is taken' },
    file: 'shared/core/manifest/deployment.ts',
    from: 'key !== undefined && !limits.allowedKmsKeys.includes(key)',
    to: 'key === ""',
    test: 'test/core/deployment.test.ts',
  },
  {
    ...{ threat: 'T6', what: 'a token goes to any endpoint' },
    file: 'shared/runtime/config.ts',
    from: '(url) => url === undefined || /^http:\\/\\/(127\\.0\\.0\\.1|localhost|\\[::1\\]):\\d{1,5}$/.test(url),',
    to: '() => true,',
    test: 'test/functions/defences.test.ts',
  },
  {
    ...{ threat: 'T7', what: 'a label of the user takes the place of one of ours' },
    file: 'shared/core/manifest/labels.ts',
    from: 'RESERVED_LABEL.test(label)',
    to: 'false',
    test: 'test/functions/remedies.test.ts',
  },
  {
    ...{ threat: 'T9', what: 'an event of another bucket is believed' },
    file: 'functions/validate/handler.ts',
    from: 'object.bucket !== deps.config.inboxBucket',
    to: "object.bucket === ''",
    test: 'test/functions/defences.test.ts',
  },
  {
    ...{ threat: 'T9', what: 'an event of an object that is not there is believed' },
    file: 'functions/validate/look-up.ts',
    from: 'live?.generation !== generation',
    to: 'live === null',
    test: 'test/functions/forged-events.test.ts',
  },
  {
    ...{ threat: 'T9', what: 'an event that no try can fix comes again for a day' },
    file: 'shared/runtime/boundary.ts',
    from: "logger.thrown('gave up on an event that no further try can fix', error);\n        return;",
    to: "logger.thrown('gave up on an event that no further try can fix', error);\n        throw error;",
    test: 'test/functions/boundary.test.ts',
  },
  {
    ...{ threat: 'T10', what: 'fields of a log line stand beside ours' },
    file: 'shared/runtime/logger.ts',
    from: 'component, fields }))}',
    to: 'component, ...fields }))}',
    test: 'test/cli/terminal.test.ts',
  },
  {
    ...{ threat: 'T10', what: 'a terminal obeys what it is shown' },
    file: 'cli/command-line/terminal.ts',
    from: "typeof part === 'string' ? printable(part) : part.control",
    to: "typeof part === 'string' ? part : part.control",
    test: 'test/cli/terminal.test.ts',
  },
  {
    ...{ threat: 'T10', what: 'what the framework quotes becomes a line of the log' },
    file: 'shared/compose.ts',
    from: '  logConsole(globalThis.console, logger);\n',
    to: '  void logConsole;\n',
    test: 'test/e2e/forged-requests.test.ts',
  },
  {
    ...{ threat: 'T11', what: 'texts that are no labels stand in the document' },
    file: 'shared/core/dataset/tallies/labels.ts',
    from: 'const LEAST_OF_LABEL = 3;',
    to: 'const LEAST_OF_LABEL = 1;',
    test: 'test/functions/canaries.test.ts',
  },
  {
    ...{ threat: 'T11', what: 'keys that are texts are spelled out' },
    file: 'shared/core/json/line.ts',
    from: "/^[\\w.-]{1,40}$/.test(key) ? key : '(a key)'",
    to: 'key',
    test: 'test/functions/canaries.test.ts',
  },
  {
    ...{ threat: 'T11', what: 'what all examples begin with stands in every document' },
    file: 'shared/flows/check-data.ts',
    from: 'options.areTextsHidden ? hideTexts(statistics) : statistics',
    to: 'hideTexts === undefined ? statistics : statistics',
    test: 'test/functions/canaries.test.ts',
  },
  {
    ...{ threat: 'T12', what: 'a message names any document' },
    file: 'shared/core/run/messages.ts',
    from: 'z.string().regex(/^r[a-z2-7]{40}$/)',
    to: 'z.string()',
    test: 'test/functions/defences.test.ts',
  },
  {
    ...{ threat: 'T16', what: 'a packed object is unpacked on the way' },
    file: 'shared/adapters/gcs.ts',
    from: 'decompress: false',
    to: 'decompress: true',
    test: 'test/contract/object-store.test.ts',
  },
  {
    ...{ threat: 'T16', what: 'packed data is read' },
    file: 'functions/validate/stage.ts',
    from: 'if (encoding !== undefined) return { uri, encoding };',
    to: 'void encoding;',
    test: 'test/functions/validate.test.ts',
  },
  {
    ...{ threat: 'T19', what: 'of a key that stands twice the last one counts' },
    file: 'shared/core/json/scan.ts',
    from: "else note(scan, 'duplicate_key', { at, firstAt });",
    to: '',
    test: 'test/core/manifest.test.ts',
  },
  {
    ...{ threat: 'T20', what: 'functions answer with the words of errors' },
    file: 'shared/runtime/config.ts',
    from: "NODE_ENV: z.literal('production', { error: 'must be production' }),",
    to: 'NODE_ENV: z.string().optional(),',
    test: 'test/functions/defences.test.ts',
  },
  {
    ...{ threat: 'T23', what: 'a writer that was overtaken writes' },
    file: 'shared/core/run/apply.ts',
    from: 'epoch !== undefined && epoch !== run.work.epoch',
    to: 'epoch === -1',
    test: 'test/contract/memory-run-store.test.ts',
  },
  {
    ...{ threat: 'T25', what: 'a page of another origin is answered' },
    file: 'local/loopback-guard.ts',
    from: 'if (origin !== undefined && ',
    to: 'if (origin === "" && ',
    test: 'test/e2e/web-pages.test.ts',
  },
  {
    ...{ threat: 'T25', what: 'a name that was pointed at this machine is answered' },
    file: 'local/loopback-guard.ts',
    from: '!OWN_HOST.test(host)',
    to: "host === ''",
    test: 'test/e2e/web-pages.test.ts',
  },
  {
    ...{ threat: 'T25', what: 'a picture or a window of another site is answered' },
    file: 'local/loopback-guard.ts',
    from: '!OWN_SITES.includes(site)',
    to: "site === ''",
    test: 'test/e2e/web-pages.test.ts',
  },
  {
    ...{ threat: 'T25', what: 'an upload is run as a page' },
    file: 'local/loopback-guard.ts',
    from: "frame-ancestors 'none'; sandbox",
    to: "frame-ancestors 'none'",
    test: 'test/e2e/web-pages.test.ts',
  },
  {
    ...{ threat: 'T25', what: 'functions listen on every address' },
    file: 'local/functions/only-this-machine.mjs',
    from: "host: '127.0.0.1'",
    to: "host: '::'",
    test: 'test/e2e/listening.test.ts',
  },
  {
    ...{ threat: 'T25', what: 'poll runs when it is fetched' },
    file: 'functions/poll/index.ts',
    from: "request.method !== 'POST'",
    to: "request.method === ''",
    test: 'test/e2e/web-pages.test.ts',
  },
];
