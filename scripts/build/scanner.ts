import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const FOLDER = 'shared/core/dataset/scan';
const ENTRY = `${FOLDER}/wasm/scan.ts`;
const OPTIONS = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noAssert'];

/** The file that has the code of the scanner, made from its source. */
export const SCANNER_FILE = `${FOLDER}/scan-wasm.ts`;

/** Its text; the same bytes on every machine. */
export async function compileScanner(root: string): Promise<string> {
  let code: Uint8Array | undefined;
  const { error, stderr } = await compile([ENTRY, '--outFile', 'scan.wasm', ...OPTIONS], {
    readFile: (name) => readOrNull(join(root, name)),
    listFiles: () => [],
    writeFile(name, content) {
      if (name === 'scan.wasm' && typeof content !== 'string') code = content;
    },
  });
  if (error || !code) throw new Error(`the scanner does not compile: ${stderr.toString()}`, { cause: error });
  return moduleWith(Buffer.from(code).toString('base64'));
}

function moduleWith(base64: string): string {
  const rows = base64.match(/.{1,100}/g) ?? [];
  return `/** The code of the scanner, in base64: made from wasm/ by \`npm run scanner\`. */
export const SCAN_WASM = [
${rows.map((row) => `  '${row}',`).join('\n')}
].join('');
`;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(join(root, SCANNER_FILE), await compileScanner(root));
}
