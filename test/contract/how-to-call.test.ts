import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { findModel } from '../../shared/core/models/models.ts';
import { howToCall } from '../../shared/core/tuning/how-to-call.ts';
import { isOnPath } from '../support/on-path.ts';
import { temporaryRoot } from '../support/temporary-root.ts';

/** What people write, and what would leave the quotes of a shell or of a language if it were not escaped. */
const HOSTILE = [
  `It's "quoted" \\ and \\n, 'twice'''`,
  '$(touch pwned) `touch pwned` $HOME $\u007bHOME} !! %s \\$x',
  'a line\nanother\r\n\ttab \u0000 \u001b[31m \u007f \u0085',
  'é 日本語 🍎 \u2028 \u2029 \u202e right to left \ufeff',
  `'; touch pwned; echo '`,
  '""" \'\'\' #{x} {{y}} </script> $\u007b`x`} */ // \\u0041 \\',
].join('\n');
const SHARED = { systemInstruction: `System: ${HOSTILE}`, promptBeginning: `Begin: ${HOSTILE}` };
const PROMPT = `${SHARED.promptBeginning}YOUR INPUT`;

const REGION = 'projects/1/locations/us-central1';
const RESULT = { model: `${REGION}/models/3`, endpoint: `${REGION}/endpoints/4` };
const callOf = (baseModel: string, origin?: string) => {
  const call = howToCall(
    { ...RESULT, weights: `gs://results/output/it's $(here)/final` },
    { baseModel, project: 'p', origin, sharedInstruction: SHARED },
  );
  if (!call) throw new Error(`nobody knows how to call ${baseModel}`);
  return call;
};

const GEMINI = {
  systemInstruction: { parts: [{ text: SHARED.systemInstruction }] },
  contents: [{ role: 'user', parts: [{ text: PROMPT }] }],
};
const level = { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } };
const budget = { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } };
const parameters = { temperature: 0, maxOutputTokens: 128 };
const talk = {
  instances: [{ context: SHARED.systemInstruction, messages: [{ author: 'user', content: PROMPT }] }],
  parameters,
};

/** Every kind of model with the body that its call sends. */
const BODIES: readonly [baseModel: string, body: object][] = [
  ['gemini-3.1-flash-lite', { ...GEMINI, ...level }],
  ['gemini-2.5-flash', { ...GEMINI, ...budget }],
  ['text-bison@002', { instances: [{ content: PROMPT }], parameters }],
  ['code-bison@002', { instances: [{ prefix: PROMPT }], parameters }],
  ['chat-bison@002', talk],
  ['codechat-bison@002', talk],
  ['text-embedding-005', { instances: [{ content: 'YOUR TEXT' }] }],
];

let server: ReturnType<typeof createServer>;
let origin = '';
const received: { path: string; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    received.push({ path: request.url ?? '', body: await textOf(request) });
    response.end('{}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const folder = () => mkdtempSync(join(temporaryRoot(), 'calls-'));

/** The words that a shell makes of a command, with curl and gcloud in its place. */
function wordsOf(command: string): string[] {
  const stand = `gcloud() { printf token; }; curl() { printf '%s\\0' "$@"; };`;
  return execFileSync('sh', ['-c', `${stand}\n${command}`], { encoding: 'utf8', cwd: folder() }).split('\0');
}

describe('the command that asks a tuned model', () => {
  const hasCurl = isOnPath('curl', '--version');

  it.runIf(hasCurl).each(BODIES)(
    'of %s arrives as it was meant, through a shell and curl',
    async (model, body) => {
      received.length = 0;
      await promisify(execFile)('sh', ['-c', callOf(model, origin).curl], { cwd: folder() });
      expect(received.map((one) => JSON.parse(one.body))).toEqual([body]);
      expect(received[0]?.path).toMatch(/\/endpoints\/4:(?:predict|generateContent)$/);
    },
  );

  it.each(BODIES)('of %s is one body and one address for Google, too', (model, body) => {
    const words = wordsOf(callOf(model).curl);
    expect(JSON.parse(words[words.indexOf('-d') + 1] ?? '')).toEqual(body);
    expect(words.filter((word) => word.startsWith('https://'))).toHaveLength(1);
    expect(words).toContain('Authorization: Bearer token');
  });

  it('of an open model speaks to the endpoint that its weights are deployed to', () => {
    const { first = '', curl } = callOf('qwen/qwen3@qwen3-4b');
    const words = wordsOf(curl);
    expect(JSON.parse(words[words.indexOf('-d') + 1] ?? '')).toEqual({
      model: 'MODEL_ID',
      messages: [
        { role: 'system', content: SHARED.systemInstruction },
        { role: 'user', content: PROMPT },
      ],
    });
    const stand = `gcloud() { printf '%s\\0' "$@"; };`;
    const deploy = execFileSync('sh', ['-c', `${stand} ${first}`], { encoding: 'utf8', cwd: folder() });
    expect(deploy.split('\0')).toContain(`--model=gs://results/output/it's $(here)/final`);
  });

  it('has nothing in it that a terminal obeys or hides', () => {
    for (const [model] of BODIES) {
      const { curl, python = '', typescript = '' } = callOf(model);
      expect([curl, python, typescript].join('').replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u,
      );
    }
  });
});

/** Stands where Google's SDK for Python would, and prints what it is asked. */
const PYTHON_STANDS = {
  'google/genai.py': `
import json
class Client:
    def __init__(self, **options):
        self.models = self
    def generate_content(self, **asked):
        print(json.dumps(asked))
        self.text = ''
        return self
`,
  'google/__init__.py': '',
  'vertexai/__init__.py': 'def init(**options): pass',
  'vertexai/preview/__init__.py': '',
  'vertexai/preview/language_models.py': `
import json
class Model:
    text = ''
    def __init__(self):
        self.asked = {}
    @classmethod
    def get_tuned_model(cls, name):
        return cls()
    def predict(self, prompt=None, prefix=None):
        return self.send_message(prompt or prefix)
    def start_chat(self, **options):
        self.asked.update(options)
        return self
    def send_message(self, text):
        print(json.dumps({**self.asked, "contents": text}))
        return self
TextGenerationModel = CodeGenerationModel = ChatModel = CodeChatModel = Model
`,
};

function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

const level3 = { thinking_config: { thinking_level: 'MINIMAL' } };
test.runIf(isOnPath('python3', '--version')).each([
  [
    'gemini-3.1-flash-lite',
    { contents: PROMPT, config: { system_instruction: SHARED.systemInstruction, ...level3 } },
  ],
  ['text-bison@002', { contents: PROMPT }],
  ['code-bison@002', { contents: PROMPT }],
  ['chat-bison@002', { contents: PROMPT, context: SHARED.systemInstruction }],
])('the code in Python for %s says the same', (model, expected) => {
  const root = folder();
  write(root, { ...PYTHON_STANDS, 'call.py': callOf(model).python ?? '' });
  const env = { ...process.env, PYTHONPATH: root, PYTHONUTF8: '1' };
  const printed = execFileSync('python3', ['call.py'], { cwd: root, env, encoding: 'utf8' });
  expect(JSON.parse(printed)).toMatchObject(expected);
});

const NODE_MODULES = resolve(import.meta.dirname, '../../node_modules');
/** Stands where @google/genai would, and prints what it is asked. */
const TYPESCRIPT_STAND = `
export const ThinkingLevel = { MINIMAL: 'MINIMAL' };
export class GoogleGenAI {
  models = { generateContent: async (asked) => { console.log(JSON.stringify(asked)); return { text: '' }; } };
}
`;

describe('the code in TypeScript', () => {
  const models = ['gemini-3.1-flash-lite', 'gemini-2.5-flash'];

  it('is what the compiler takes, against Google’s own types', () => {
    const root = folder();
    symlinkSync(NODE_MODULES, join(root, 'node_modules'));
    models.forEach((model, index) => {
      writeFileSync(join(root, `call-${index}.mts`), callOf(model).typescript ?? '');
    });
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'esnext', '--module', 'nodenext'];
    const files = models.map((_, index) => `call-${index}.mts`);
    const compile = () =>
      execFileSync(join(NODE_MODULES, '.bin/tsc'), [...options, '--types', 'node', ...files], {
        cwd: root,
        encoding: 'utf8',
      });
    expect(compile()).toBe('');
  });

  it.each(models)('for %s says the same', (model) => {
    const root = folder();
    const name = 'node_modules/@google/genai';
    const main = '{"name": "@google/genai", "type": "module", "exports": "./index.js"}';
    write(root, {
      [`${name}/package.json`]: main,
      [`${name}/index.js`]: TYPESCRIPT_STAND,
      'call.mts': callOf(model).typescript ?? '',
    });
    const printed = execFileSync(process.execPath, ['call.mts'], { cwd: root, encoding: 'utf8' });
    const row = findModel(model);
    expect(JSON.parse(printed)).toMatchObject({
      contents: PROMPT,
      config: {
        systemInstruction: SHARED.systemInstruction,
        thinkingConfig: row?.backend === 'tuningJobs' ? row.thinking : undefined,
      },
    });
  });
});
