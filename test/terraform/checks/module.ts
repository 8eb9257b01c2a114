import {
  type Block,
  blocksOf,
  lineWithin,
  readTexts,
  type Texts,
} from '../../../scripts/terraform/hcl/blocks.ts';

/** One folder of Terraform files: a root module. */
export interface TerraformModule {
  folder: string;
  texts: Texts;
  blocks: Block[];
}

/** Folders with Terraform files, from the repository's root. */
export const MODULES = ['terraform', 'terraform/bootstrap'] as const;

export function readModule(folder: string): TerraformModule {
  return moduleOf(folder, readTexts(folder, '.tf'));
}

export function moduleOf(folder: string, texts: Texts): TerraformModule {
  return { folder, texts, blocks: blocksOf(texts) };
}

/** How people write a block's address: `google_pubsub_topic.this`, `data.google_project.this`, `var.region`. */
function addressOf({ kind, type, name }: Block): string {
  if (kind === 'resource') return `${type}.${name}`;
  if (kind === 'data') return `data.${type}.${name}`;
  if (kind === 'variable') return `var.${name}`;
  if (kind === 'local') return `local.${name}`;
  return name === '' ? type : `${type} "${name}"`;
}

/** What is wrong, as a sentence with file, line and block; the line is that of `argument` where the block has it. */
export function finding(
  { texts }: Pick<TerraformModule, 'texts'>,
  block: Block,
  what: string,
  argument?: string,
): string {
  const line = argument ? lineWithin(texts[block.file] ?? '', block, argument) : block.line;
  return `${block.file}:${line}: ${addressOf(block)} ${what}`;
}

/** The word of a list that is nearest to a misspelt one, as the end of a sentence. */
export function didYouMean(word: string, words: readonly string[]): string {
  const [nearest] = words
    .map((known) => ({ known, distance: distanceOf(word, known) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, word.length / 3)
    ? `; did you mean ${nearest.known}?`
    : '';
}

/** Letters to change, add or take away. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_value, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
