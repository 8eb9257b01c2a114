import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { temporaryFolder } from '../support/service-options.ts';

/** Headless Chromium, to see what a reader sees. */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of the browser; undefined where there is none, which is said. */
export function findChromium(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
  if (found === undefined) console.warn('SKIPPED: there is no Chromium here, so no page is looked at');
  return found;
}

export interface Look {
  url: string;
  scheme?: 'light' | 'dark';
  width?: number;
}

/** Headless, and without a word to anybody outside. */
export const CHROMIUM_FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars'],
];

async function run(chromium: string, look: Look, args: string[]): Promise<string> {
  const { url, scheme = 'light', width = 1100 } = look;
  const { stdout } = await promisify(execFile)(
    chromium,
    [
      ...CHROMIUM_FLAGS,
      `--user-data-dir=${temporaryFolder()}`,
      `--window-size=${width},2600`,
      ...(scheme === 'dark' ? ['--blink-settings=preferredColorScheme=0'] : []),
      ...args,
      url,
    ],
    { timeout: 45_000, maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}

/** The page as the browser has it when it is loaded. */
export function dumpDom(chromium: string, look: Look): Promise<string> {
  return run(chromium, look, ['--dump-dom']);
}

export interface Picture {
  file: string;
  width: number;
  height: number;
  /** How many rows of pixels there are of which none is like another, and so a measure of how much is on it. */
  distinctRows: number;
}

export async function screenshot(chromium: string, look: Look): Promise<Picture> {
  const file = join(temporaryFolder(), 'page.png');
  await run(chromium, look, [`--screenshot=${file}`]);
  return { file, ...measure(readFileSync(file)) };
}

/** Reads a PNG as far as it takes to tell a page from a blank sheet. */
function measure(png: Buffer): Omit<Picture, 'file'> {
  const [width, height, depth, colour] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24] ?? 8, png[25]];
  const channels = colour === 6 ? 4 : colour === 2 ? 3 : 1;
  const pixels = inflateSync(Buffer.concat(imageChunks(png)));
  const rowLength = 1 + Math.ceil((width * channels * depth) / 8);
  const rows = Array.from({ length: height }, (_, row) =>
    pixels.subarray(row * rowLength, (row + 1) * rowLength).toString('latin1'),
  );
  return { width, height, distinctRows: new Set(rows).size };
}

function imageChunks(png: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}
