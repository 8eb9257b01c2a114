import type { LossCount } from '../../issues/conversion.ts';
import { shownKey } from '../../json/line.ts';
import type { RewriteOptions } from '../forms/convert-records.ts';
import type { EmbeddingForm } from '../forms/names.ts';
import type { EmbeddingFileForm, EmbeddingKey } from './check.ts';
import { isQrels, writeLabels } from './qrels.ts';
import { areTriples, splitTriples, type TriplePart, writeTriples } from './triples.ts';

/** How a file of embedding tuning that is in another form is read and written. */
export interface EmbeddingConversion {
  from: EmbeddingForm;
  to: EmbeddingForm;
  reading: EmbeddingFileForm;
  rewrite: (chunks: AsyncIterable<Uint8Array>, options?: RewriteOptions) => AsyncIterable<string>;
  /** What is lost, once the file is read. */
  losses(): LossCount[];
}

const PART_OF: Record<EmbeddingKey, TriplePart> = {
  queries_path: 'queries',
  corpus_path: 'corpus',
  train_label_path: 'labels',
  test_label_path: 'labels',
  validation_label_path: 'labels',
};

/** What a file is converted from, by its beginning; undefined where it is what its key says. */
export function formOfEmbedding(key: EmbeddingKey, beginning: Uint8Array): EmbeddingConversion | undefined {
  const part = PART_OF[key];
  if (areTriples(beginning)) return fromTriples(part);
  if (part !== 'labels' || !isQrels(beginning)) return undefined;
  const reading = { areQrels: true };
  return { from: 'qrels', to: 'labels', reading, rewrite: writeLabels, losses: () => [] };
}

const NAMED_FIELDS = 10;

/** What is lost of a triple is told with the queries. */
function fromTriples(part: TriplePart): EmbeddingConversion {
  const fields = new Set<string>();
  let [examples, firstLine, lastLine] = [0, 0, 0];
  const onUnused = (field: string, line: number) => {
    if (part !== 'queries') return;
    if (fields.size < NAMED_FIELDS) fields.add(shownKey(field));
    examples += line === lastLine ? 0 : 1;
    firstLine ||= line;
    lastLine = line;
  };
  return {
    from: 'triples',
    to: part === 'labels' ? 'labels' : 'embedding',
    reading: { areQrels: part === 'labels', split: splitTriples({ part, onUnused }) },
    rewrite: (chunks, options) => writeTriples(chunks, { part, ...options }),
    losses: () => (examples === 0 ? [] : [{ loss: 'fields', examples, firstLine, fields: [...fields] }]),
  };
}
