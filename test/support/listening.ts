import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Whether this system says who listens where: Linux does. */
export const canSeeSockets = existsSync('/proc/net/tcp');

/** `LISTEN` in /proc/net/tcp (kernel.org/doc/Documentation/networking/proc_net_tcp.txt). */
const LISTENING = '0A';

/** The addresses, in words, on which these processes listen: `127.0.0.1:9100`. */
export function listeningOf(pids: readonly number[]): string[] {
  const sockets = new Set(pids.flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = '']) => state === LISTENING && sockets.has(inode))
      .map(([, local = '']) => inWords(local)),
  );
}

function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      return []; // Closed since it was listed.
    }
  });
}

/** `0100007F:238C` as `127.0.0.1:9100`: words of four bytes, each with its lowest byte first. */
function inWords(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  const host =
    bytes.length === 4 ? bytes.map((byte) => Number.parseInt(byte, 16)).join('.') : `[${bytes.join('')}]`;
  return `${host}:${Number.parseInt(port, 16)}`;
}
