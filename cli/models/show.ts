import { type CatalogueRow, STANDING_WORDS } from '../../shared/core/models/catalogue.ts';
import type { Model } from '../../shared/core/models/models.ts';
import { parameterFacts } from '../../shared/core/models/parameters.ts';
import { sourceText } from '../../shared/core/models/sources.ts';
import { tableLines } from '../command-line/text.ts';

const HEADER = ['base_model', 'USD a million tokens', 'standing', 'until', ''];

/** The table as people read it. */
export function showModels(rows: readonly CatalogueRow[], day: string): string {
  const lines = tableLines([HEADER, ...rows.map(cellsOf)]);
  const sources = [...new Set(rows.flatMap(({ stale }) => stale))].map((name) => `  ${sourceText(name)}`);
  const marked =
    sources.length === 0
      ? []
      : ['', 'Marked with *, since these were read long ago; look again:', ...sources];
  return `${[`Models as of ${day}`, '', ...lines, ...marked].join('\n')}\n`;
}

function cellsOf({ model, standing, end, price, stale }: CatalogueRow): string[] {
  const until = end === undefined ? 'no day published' : end.isEarliest ? `not before ${end.day}` : end.day;
  return [
    model.reference,
    price?.usdPerMillionTokens.toFixed(2) ?? unpriced(model),
    STANDING_WORDS[standing],
    until,
    stale.length > 0 ? '*' : '',
  ];
}

/** What is not known is not 0. */
function unpriced({ backend }: Model): string {
  return backend === 'pipelineJobs' ? 'accelerator hours' : 'unknown';
}

/** A row for programs; what is not known is null. */
export function modelJson({ model, standing, end, price, stale }: CatalogueRow) {
  const isTuning = model.backend === 'tuningJobs';
  return {
    model: model.reference,
    backend: model.backend,
    standing,
    until: end ?? null,
    successor: model.lifecycle.successor ?? null,
    price: price ?? null,
    methods: isTuning ? model.methods : ['supervised'],
    regions: isTuning ? model.regions : null,
    serving: isTuning ? model.serving : null,
    limits: isTuning ? model.limits : null,
    adapterSizes: isTuning ? model.adapterSizes : null,
    tokenizer: isTuning ? model.tokenizer : null,
    parameters: parameterFacts(model),
    stale,
  };
}
