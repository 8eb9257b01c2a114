// Runs before `npm start` and `npm test`, on whatever Node the machine has: plain JavaScript, no dependency.
// Installs what package-lock.json asks for when node_modules does not hold exactly that.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.tunedrop-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Installing the packages named in package-lock.json (once, well under a minute)...\n');
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []];
  const installed = spawnSync(command, [...prefix, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (installed.status !== 0) {
    process.stderr.write(
      'npm ci did not succeed; its own words are above. Fix that, then run the command again.\n',
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
