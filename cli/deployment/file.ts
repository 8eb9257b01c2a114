import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { misfitOf } from '../../shared/core/json/fit.ts';

/** `tunedrop.json`, as `terraform output -raw tunedrop_json` writes it. */
const DeploymentFileSchema = z.object({
  project: z.string(),
  region: z.string(),
  inbox: z.string(),
  results: z.string(),
  database: z.string(),
});
export type DeploymentFile = z.infer<typeof DeploymentFileSchema>;

const NAME = 'tunedrop.json';

/** The nearest one in a folder or above it; throws for one that cannot be read, with what is wrong with it. */
export function findDeploymentFile(folder: string): { file: string; content: DeploymentFile } | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, NAME);
    const text = textOf(file);
    if (text !== undefined) return { file, content: parse(file, text) };
    if (dirname(at) === at) return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(file: string, text: string): DeploymentFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${file} is no JSON. ${WRITE_AGAIN}`);
  }
  const parsed = DeploymentFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${file} does not say where the deployment is: ${misfitOf(parsed.error, 'document')}. ${WRITE_AGAIN}`,
  );
}

const WRITE_AGAIN = 'Write it again: terraform -chdir=terraform output -raw tunedrop_json > tunedrop.json';
