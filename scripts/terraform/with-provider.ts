import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startStandIns } from './provider/attach.ts';

/** `node scripts/terraform/with-provider.ts terraform validate`: a command with stand-ins for the providers, without network. */

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write('usage: node scripts/terraform/with-provider.ts terraform ARGUMENTS...\n');
  process.exit(2);
}
const standIns = await startStandIns();
// The command hears it too, and needs the providers until it has come to an end.
process.on('SIGINT', () => {});
try {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...standIns.environment } });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  process.stderr.write(`${command} cannot be started: ${(error as Error).message}\n`);
  process.exitCode = 127;
} finally {
  standIns.close();
}
