import type { Issue } from '../../shared/core/issues/catalog.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { URI } from './dataset-samples.ts';

/** What is said of a file of training data: each code with its line, and the words. */
export async function toldOf(
  text: string,
  draft: Partial<Manifest> = { base_model: 'gemini-3.1-flash-lite' },
  chunkBytes = Number.MAX_SAFE_INTEGER,
) {
  const issues: Issue[] = [];
  async function* chunks() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const file = { key: 'dataset_uri', uri: URI, chunks: chunks() } as const;
  const checked = await checkData(draft, [file], { onIssue: (issue) => issues.push(issue) });
  return {
    ...checked,
    codes: issues.map(({ code, at }) => `${code} ${at.line}`),
    errors: issues.filter(({ severity }) => severity === 'error').map(({ code, at }) => `${code} ${at.line}`),
    issues: issues.map(reportIssue),
  };
}
