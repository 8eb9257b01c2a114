import { connect } from 'node:net';
import { EMULATOR_VARIABLES } from '../../local/services.ts';

/** Says which emulators the environment names; throws for one that does not answer, with what to do. */
export async function checkEmulators(
  environment: Record<string, string | undefined>,
  onEmulator: (variable: string, address: string) => void,
): Promise<void> {
  for (const variable of EMULATOR_VARIABLES) {
    const address = environment[variable];
    if (!address) continue;
    if (!(await answers(address))) {
      throw new Error(
        `${variable} names ${address}, and nothing answers there: start it, or unset ${variable} to use the embedded one.`,
      );
    }
    onEmulator(variable, address);
  }
}

function answers(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.replace(/^https?:\/\//, '').split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) || 80, timeout: 2_000 });
    const finish = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
