import { createCatalogLog, reportGroup } from '../../shared/core/issues/catalog.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { checkData } from '../../shared/flows/check-data.ts';

/** Rows as lines of JSON. */
export const rowsOf = (count: number, row: (index: number) => unknown) =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(row(index))}\n`).join('');

interface Drop {
  manifest?: Partial<Manifest>;
  key?: 'dataset_uri' | 'evaluation_data_uri';
}

/** What is told of a file, each cause once, but for advice about its size. */
export async function toldOf(text: string | Uint8Array, { manifest = {}, key = 'dataset_uri' }: Drop = {}) {
  const log = createCatalogLog();
  async function* chunks() {
    yield Buffer.from(text);
  }
  const draft = { base_model: 'gemini-3.1-flash-lite' as const, ...manifest };
  const { statistics, conversions } = await checkData(
    draft,
    [{ key, uri: 'train.jsonl', chunks: chunks(), again: chunks }],
    { onIssue: log.add },
  );
  const issues = log.groups
    .map((group) => reportGroup(group, () => undefined))
    .filter(({ code }) => code !== 'dataset_few_examples');
  return { issues, codes: issues.map(({ code }) => code), statistics, conversions };
}
