import { spawn } from 'node:child_process';
import { once } from 'node:events';

type Environment = Record<string, string | undefined>;

/** What opens an address on this machine; undefined where there is no browser to open it in. */
export function openerOf(platform: NodeJS.Platform, environment: Environment): string[] | undefined {
  if (environment.BROWSER) return [environment.BROWSER];
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['explorer.exe'];
  // Over SSH, in a container and in CI there is no screen.
  const hasScreen = Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
  return hasScreen ? ['xdg-open'] : undefined;
}

/** Opens an address in the browser; false where that could not be done. */
export async function openInBrowser(address: string, environment: Environment): Promise<boolean> {
  const [command, ...args] = openerOf(process.platform, environment) ?? [];
  if (command === undefined) return false;
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true, env: environment });
  const isStarted = await Promise.race([
    once(child, 'spawn').then(() => true),
    once(child, 'error').then(() => false),
  ]);
  child.unref();
  return isStarted;
}
