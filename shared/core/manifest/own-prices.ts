import { findModel } from '../models/models.ts';

/** What a deployment pays for a million training tokens, in US dollars by `base_model`. */
export type OwnPrices = Readonly<Record<string, number>>;

/** A base model as the catalogue names it, and dollars from 0. */
const ROW = /^([a-z0-9@._/-]+)=(\d+(?:\.\d+)?)$/;

/** `MODEL=DOLLARS` with commas between them, as a deployment sets its prices; or what is wrong with that. */
export function readOwnPrices(text: string): { prices: OwnPrices } | { problem: string } {
  const rows = text
    .split(',')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const read = rows.flatMap((row): [string, number][] => {
    const [, model = '', dollars] = ROW.exec(row) ?? [];
    return dollars === undefined ? [] : [[model, Number(dollars)]];
  });
  if (read.length < rows.length) {
    return {
      problem: 'must be MODEL=DOLLARS, with commas between them: dollars for a million training tokens',
    };
  }
  const problem = problemOf(read.map(([model]) => model));
  return problem === undefined ? { prices: Object.fromEntries(read) } : { problem };
}

function problemOf(models: readonly string[]): string | undefined {
  const twice = models.find((model, index) => models.indexOf(model) < index);
  if (twice !== undefined) return `must name each model once: ${twice} is there twice`;
  const rows = models.map(findModel);
  if (rows.includes(undefined)) return 'must name models of docs/models.md';
  const hourly = rows.find((model) => model?.backend === 'pipelineJobs');
  return (
    hourly &&
    `must name models that are paid for by tokens: ${hourly.reference} is paid for by accelerator hours, and no price of tokens tells its cost`
  );
}
