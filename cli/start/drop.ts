import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const MANIFEST = 'tune.json';

/** With the manifest last, nobody has to wait for a data set that is still on its way, however busy the machine is. */
export type DropOrder = 'together' | 'manifest last';

/** Uploads what is in a folder, but for its README.md, under the name of another. */
export async function dropFolder(
  upload: (name: string, file: string) => Promise<void>,
  { folder, as }: { folder: string; as: string },
  order: DropOrder,
): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const uploadAll = (some: string[]) =>
    Promise.all(some.map((file) => upload(`${as}/${file.split(sep).join('/')}`, join(folder, file))));
  const isLast = (file: string) => order === 'manifest last' && file === MANIFEST;
  await uploadAll(files.filter((file) => !isLast(file)));
  await uploadAll(files.filter(isLast));
}
