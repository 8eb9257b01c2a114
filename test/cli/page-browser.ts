import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CHROMIUM_FLAGS } from '../core/report-chromium.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** A page that stays open in a browser. */
export interface OpenPage {
  /** The value of a JavaScript expression in the page, as text. */
  evaluate(expression: string): Promise<string>;
  /** Drags these files and folders of the machine onto the page, as a person does. */
  drop(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a page in headless Chromium, over its own debugging protocol. */
export async function openPage(chromium: string, url: string, flags: string[] = []): Promise<OpenPage> {
  const browser = spawn(
    chromium,
    [...CHROMIUM_FLAGS, ...flags, '--remote-debugging-port=0', `--user-data-dir=${temporaryFolder()}`, url],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const origin = await debuggerOf(browser.stderr);
  const targets = (await (await fetch(`http://${origin}/json/list`)).json()) as Target[];
  const target = targets.find(({ type }) => type === 'page');
  if (!target) throw new Error('the browser has no page open');
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, 'open');
  let id = 0;
  const send = async (method: string, params: object): Promise<Answered> => {
    id += 1;
    const own = id;
    const answer = new Promise<Answered>((resolve) => {
      socket.addEventListener('message', function listen({ data }) {
        const message = JSON.parse(String(data)) as Answered;
        if (message.id !== own) return;
        socket.removeEventListener('message', listen);
        resolve(message);
      });
    });
    socket.send(JSON.stringify({ id: own, method, params }));
    return answer;
  };
  return {
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', { expression });
      return String(result?.result?.value);
    },
    async drop(paths) {
      const data = { items: [], files: paths, dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop']) {
        await send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
      }
    },
    async close() {
      socket.close();
      browser.kill();
      await once(browser, 'exit');
    },
  };
}

interface Target {
  type: string;
  webSocketDebuggerUrl: string;
}

interface Answered {
  id: number;
  result?: { result?: { value?: unknown } };
}

/** `host:port` that the browser says it listens on. */
async function debuggerOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const found = /^DevTools listening on ws:\/\/([^/]+)\//.exec(line)?.[1];
    if (found) return found;
  }
  throw new Error('the browser ended before it could be asked');
}
