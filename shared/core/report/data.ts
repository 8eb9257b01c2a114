import type {
  DatasetStatistics,
  FileStatistics,
  LabelStatistics,
  LengthSummary,
  TokenInterval,
} from '../dataset/statistics.ts';
import { formatCount } from '../issues/numbers.ts';
import type { DataKey } from '../models/data-keys.ts';
import type { Run } from '../run/run.ts';
import { type Html, html } from './html.ts';
import { formatBytes, formatPercent } from './text.ts';

/** A file of the data: its column in the table, and its labels where it has some. */
export interface FileView {
  title: string;
  uri?: string | undefined;
  /** By the names of the rows; a row that only other files have is not there. */
  cells: Record<string, string>;
  labels?: LabelStatistics | undefined;
  examples: number;
}

export interface DataSection {
  files: FileView[];
  /** How tokens were estimated. */
  tokenMethod?: string | undefined;
}

const TITLES: Record<DataKey, string> = {
  dataset_uri: 'Training data',
  evaluation_data_uri: 'Evaluation data',
  queries_path: 'Queries',
  corpus_path: 'Corpus',
  train_label_path: 'Training labels',
  validation_label_path: 'Validation labels',
  test_label_path: 'Test labels',
};

/** What the files hold, as far as they were read. */
export function dataOf({ spec, status }: Run): DataSection {
  const read = (Object.keys(TITLES) as DataKey[]).flatMap((key) => {
    const file = status.datasets?.[key];
    return file ? [{ key, file }] : [];
  });
  const files = read.map(({ key, file }): FileView => {
    const labels = 'labels' in file ? file.labels : undefined;
    const uri = spec.datasets?.[key]?.uri;
    return { title: TITLES[key], uri, cells: cellsOf(file), labels, examples: file.examples };
  });
  const [tokenMethod] = read.flatMap(({ file }) =>
    'tokens' in file && file.examples > 0 ? [file.tokens.method] : [],
  );
  return { files, tokenMethod };
}

function cellsOf(file: FileStatistics): Record<string, string> {
  const cells: Record<string, string> = {
    Size: formatBytes(file.bytes),
    ...('tokens' in file ? exampleCells(file) : recordCells(file)),
    'With errors': formatCount(file.unusableExamples),
  };
  if (file.blankLines > 0) cells['Blank lines'] = formatCount(file.blankLines);
  if ('leftOutExamples' in file && file.leftOutExamples !== undefined) {
    cells['Left out by the conversion'] = formatCount(file.leftOutExamples);
  }
  if ('evaluationLines' in file && file.evaluationLines !== undefined) {
    cells['Lines kept for the evaluation'] = formatCount(file.evaluationLines);
  }
  return cells;
}

function exampleCells(file: DatasetStatistics): Record<string, string> {
  const { tokens, duplicates, chat } = file;
  // Of no example there is nothing to say.
  if (file.examples === 0) return { Examples: '0' };
  return {
    Examples: formatCount(file.examples),
    'Input, characters': lengths(file.inputCharacters),
    'Output, characters': lengths(file.outputCharacters),
    ...tokenCells(tokens),
    'Tokens of the largest example, estimated': interval(tokens.largestExample),
    'Exact duplicates': formatCount(duplicates.exact),
    'Same input with another output': formatCount(duplicates.conflicting),
    ...chatCells(chat),
  };
}

/** Where the tokens were counted, that number and no other: it is the one that the cost is made of. */
function tokenCells({ counted, total }: DatasetStatistics['tokens']): Record<string, string> {
  if (counted === undefined) return { [ESTIMATED]: interval(total) };
  const tokens = formatCount(counted.input.estimate + counted.output.estimate);
  return { Tokens: counted.isExact ? tokens : `${tokens}, from a sample` };
}

const ESTIMATED = 'Tokens, estimated';

function chatCells(chat: DatasetStatistics['chat']): Record<string, string> {
  if (chat === undefined) return {};
  return {
    Messages: formatCount(chat.authors),
    'Pairs of messages in a conversation': lengths(chat.pairs),
    'Conversations with a context of their own': formatCount(chat.examplesWithContext),
  };
}

/** Rows of the embedding files. Each kind of file has its own. */
function recordCells(file: Exclude<FileStatistics, DatasetStatistics>): Record<string, string> {
  if ('textCharacters' in file) {
    return {
      Records: formatCount(file.examples),
      'Text, characters': lengths(file.textCharacters),
      'With a title': formatCount(file.recordsWithTitle),
      'Ids that are there twice': formatCount(file.duplicateIds),
    };
  }
  return {
    Records: formatCount(file.examples),
    'Different queries': formatCount(file.queries),
    'Relevant pairs': formatCount(file.relevant),
    'Pairs with score 0': formatCount(file.notRelevant),
    'Unknown queries': formatCount(file.unknownQueries),
    'Unknown documents': formatCount(file.unknownDocuments),
  };
}

function lengths({ min, median, max }: LengthSummary): string {
  return `${formatCount(min)} to ${formatCount(max)}, median about ${formatCount(median)}`;
}

function interval({ low, high }: TokenInterval): string {
  return low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`;
}

export function renderData({ files, tokenMethod }: DataSection): Html | undefined {
  if (files.length === 0) return undefined;
  const names = [...new Set(files.flatMap(({ cells }) => Object.keys(cells)))];
  const rows = names.map(
    (name) =>
      html`<tr><th scope="row">${name}</th>${files.map(({ cells }) => html`<td>${cells[name] ?? '–'}</td>`)}</tr>`,
  );
  return html`<section id="data">
<h2>The data</h2>
<div class="scroll"><table><thead><tr><th scope="col">What</th>${files.map(fileHead)}</tr></thead><tbody>${rows}</tbody></table></div>
${tokenMethod !== undefined && html`<p class="soft small">Estimates of tokens: ${tokenMethod}.</p>`}
<div class="pair">${files.map(labelBars)}</div>
</section>`;
}

function fileHead({ title, uri }: FileView): Html {
  return html`<th scope="col">${title}${uri !== undefined && html`<br><bdi>${uri.split('/').at(-1)}</bdi>`}</th>`;
}

/** How often each label is there: a bar beside each, in words beside each bar. */
function labelBars({ title, labels, examples }: FileView): Html | undefined {
  if (labels === undefined || labels.top.length === 0) return undefined;
  const most = Math.max(...labels.top.map(({ count }) => count), 1);
  const rows = labels.top.map(
    ({ label, count }) =>
      html`<tr><th scope="row"><bdi>${label === '' ? '(empty)' : label}</bdi></th><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${((count / most) * 100).toFixed(1)}" height="10"/></svg></td><td class="number">${formatCount(count)}</td><td class="number soft">${examples > 0 && formatPercent(count / examples)}</td></tr>`,
  );
  const more = labels.distinct - labels.top.length;
  return html`<figure><figcaption>Labels: ${title}</figcaption><table class="bars"><tbody>${rows}</tbody></table>
${more > 0 && html`<p class="soft small">The ${labels.top.length} most frequent of ${formatCount(labels.distinct)} labels.</p>`}</figure>`;
}
