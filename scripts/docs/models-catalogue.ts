/** The table of models as it is on the day of its last comparison: what can be tuned first, then what still runs on a laptop. */
import {
  CATALOGUE_DAY,
  type CatalogueRow,
  catalogueAsOf,
  STANDING_WORDS,
} from '../../shared/core/models/catalogue.ts';
import type { DatedDay } from '../../shared/core/models/lifecycle.ts';
import { type ParameterFact, parameterFacts } from '../../shared/core/models/parameters.ts';
import {
  ageInDays,
  factSource,
  SOURCES,
  type SourceName,
  STALE_AFTER_DAYS,
} from '../../shared/core/models/sources.ts';
import { TOKENIZERS } from '../../shared/core/models/tokenizers.ts';
import { code, markdownTable } from './markdown.ts';
import { references } from './model-kinds.ts';

const NAMES = Object.keys(SOURCES) as SourceName[];
/** Sources by number, so that a cell can name its own. */
const mark = (source: SourceName) => `[${NAMES.indexOf(source) + 1}]`;
const dated = (day: DatedDay | undefined) => (day ? `${day.day} ${mark(day.source)}` : '');

export function renderCatalogue(): string[] {
  const rows = catalogueAsOf(CATALOGUE_DAY);
  return [
    '## What can be tuned',
    `As compared with Google’s pages on ${CATALOGUE_DAY}. Prices are list prices in US dollars for a million training tokens: those of the data set, times ` +
      'the epochs. “Unknown” is not nothing: no source was found. Numbers in brackets name the [sources](#sources). `npx tunedrop models --as-of DATE` ' +
      'shows the table as it will be.',
    daysTable(rows.filter(({ standing }) => standing !== 'closed')),
    '### History: closed on Vertex AI',
    'The guide’s models and their like. A deployment refuses them (`RETIRED_MODELS`); the embedded cloud still tunes with their manifests.',
    daysTable(rows.filter(({ standing }) => standing === 'closed')),
    '## Defaults and maxima',
    'What a parameter is where the manifest leaves it out. “Chosen by Vertex AI”: no page names the value.',
    parameterTable(rows),
    '## Tokens',
    'What a token is for a model. How tokens are counted here, and how well, is in [token-counts.md](token-counts.md).',
    tokenizerTable(rows),
    '## Sources',
    `A source that was seen more than ${STALE_AFTER_DAYS} days before the comparison is marked “look again”.`,
    sourceTable(),
  ];
}

function daysTable(rows: CatalogueRow[]): string {
  return markdownTable(
    ['`base_model`', 'standing', 'price', 'closed to new projects', 'retirement', 'shutdown', 'successor'],
    rows.map(({ model, standing, price }) => {
      const { closedToNewProjects, tuningBlocked, retired, notRetiredBefore, shutdown, successor } =
        model.lifecycle;
      const retirement = [
        tuningBlocked && `tuning ended ${dated(tuningBlocked)}`,
        dated(retired),
        notRetiredBefore && `not before ${dated(notRetiredBefore)}`,
      ].filter(Boolean);
      const paid = model.backend === 'pipelineJobs' ? 'by accelerator hours' : 'unknown';
      return [
        code(model.reference),
        STANDING_WORDS[standing],
        price ? `${price.usdPerMillionTokens.toFixed(2)} ${mark(price.source)}` : paid,
        dated(closedToNewProjects),
        retirement.length > 0 ? retirement.join('; ') : `no day published ${mark(model.lifecycle.source)}`,
        dated(shutdown),
        successor ? code(successor) : '',
      ];
    }),
  );
}

/** Models whose parameters are alike share their rows. */
function parameterTable(rows: CatalogueRow[]): string {
  const alike = Map.groupBy(
    rows.map(({ model }) => model),
    (model) => JSON.stringify([model.backend, model.kind === 'open', parameterFacts(model)]),
  );
  return markdownTable(
    ['models', 'parameter', 'default', 'maximum', 'source'],
    [...alike.values()].flatMap((models) => {
      const [model] = models;
      if (model === undefined) return [];
      return parameterFacts(model).map((fact, index) => [
        index === 0 ? references(models) : '',
        code(fact.name),
        defaultText(fact),
        fact.maximum === undefined ? 'none named' : fact.maximum.toLocaleString('en-US'),
        mark(fact.source),
      ]);
    }),
  );
}

function defaultText({ default: value, isSent }: ParameterFact): string {
  if (value === undefined) return 'chosen by Vertex AI';
  return isSent ? `${value}, always sent` : `${value}`;
}

function sourceTable(): string {
  return markdownTable(
    ['', 'source', 'seen on', 'how sure', ''],
    NAMES.map((name) => {
      const { title, seenOn, confidence } = factSource(name);
      const isStale = ageInDays(name, CATALOGUE_DAY) > STALE_AFTER_DAYS;
      return [mark(name), title, seenOn, confidence, isStale ? 'look again' : ''];
    }),
  );
}

/** Which tokenizer counts the tokens of which models. */
function tokenizerTable(rows: CatalogueRow[]): string {
  const models = rows.flatMap(({ model }) => (model.backend === 'tuningJobs' ? [model] : []));
  return markdownTable(
    ['tokens are those of', 'models', 'source'],
    [...Map.groupBy(models, ({ tokenizer }) => tokenizer)].map(([tokenizer, using]) => [
      TOKENIZERS[tokenizer].words,
      references(using),
      mark(TOKENIZERS[tokenizer].source),
    ]),
  );
}
