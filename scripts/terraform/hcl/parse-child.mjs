// Reads { path: text } from standard input and answers { path: { body } or { error } }. A process of its own, because the
// parser, Go compiled to WebAssembly, keeps the process alive that once called it.
import { readFileSync } from 'node:fs';
import { parse } from '@cdktn/hcl2json';

const texts = JSON.parse(readFileSync(0, 'utf8'));
const answers = {};
for (const [path, text] of Object.entries(texts)) {
  try {
    answers[path] = { body: await parse(path, text) };
  } catch (error) {
    answers[path] = { error: String(error.message ?? error) };
  }
}
// process.exit() waits now and then for ever for V8 to end its compilation of the parser in the background.
process.stdout.write(JSON.stringify(answers), () => process.kill(process.pid, 'SIGKILL'));
