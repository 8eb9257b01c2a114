import { describe, expect, it } from 'vitest';
import { isRetired } from '../../shared/core/models/lifecycle.ts';
import { findModel, MODELS, type Model, referencesOfFamily } from '../../shared/core/models/models.ts';
import { PIPELINE_MODELS } from '../../shared/core/models/pipeline-models.ts';
import { isAtVertex, multiRegionOf, REGIONS, vertexHost } from '../../shared/core/models/regions.ts';

const PREFIX = 'https://us-kfp.pkg.dev/ml-pipeline/';
const row = (reference: string): Model => {
  const model = findModel(reference);
  if (model === undefined) throw new Error(`no row for ${reference}`);
  return model;
};

const pipelineRow = (reference: string) => {
  const model = row(reference);
  if (model.backend !== 'pipelineJobs') throw new Error(`${reference} is tuned by no pipeline`);
  return model;
};

describe('the model table', () => {
  it.each([
    ['text-bison@002', 'large-language-model-pipelines/tune-large-model/v2.0.0', 'tune-large-model'],
    ['text-bison-32k@002', 'large-language-model-pipelines/tune-large-model/v2.0.0', 'tune-large-model'],
    ['code-bison@002', 'large-language-model-pipelines/tune-large-model/v3.0.0', 'tune-large-model'],
    ['code-bison-32k@002', 'large-language-model-pipelines/tune-large-model/v3.0.0', 'tune-large-model'],
    [
      'chat-bison@002',
      'large-language-model-pipelines/tune-large-chat-model/v3.0.0',
      'tune-large-chat-model',
    ],
    [
      'chat-bison-32k@002',
      'large-language-model-pipelines/tune-large-chat-model/v3.0.0',
      'tune-large-chat-model',
    ],
    [
      'codechat-bison@002',
      'large-language-model-pipelines/tune-large-chat-model/v3.0.0',
      'tune-large-chat-model',
    ],
    [
      'codechat-bison-32k@002',
      'large-language-model-pipelines/tune-large-chat-model/v3.0.0',
      'tune-large-chat-model',
    ],
    [
      'textembedding-gecko@001',
      'llm-text-embedding/tune-text-embedding-model/v1.1.3',
      'tune-text-embedding-model',
    ],
    [
      'textembedding-gecko@002',
      'llm-text-embedding/tune-text-embedding-model/v1.1.3',
      'tune-text-embedding-model',
    ],
    [
      'textembedding-gecko@003',
      'llm-text-embedding/tune-text-embedding-model/v1.1.3',
      'tune-text-embedding-model',
    ],
    [
      'textembedding-gecko-multilingual@001',
      'llm-text-embedding/tune-text-embedding-model/v1.1.3',
      'tune-text-embedding-model',
    ],
    [
      'text-embedding-004',
      'llm-text-embedding/tune-text-embedding-model/v1.1.3',
      'tune-text-embedding-model',
    ],
    [
      'text-multilingual-embedding-002',
      'llm-text-embedding/tune-text-embedding-model/v1.1.3',
      'tune-text-embedding-model',
    ],
    [
      'text-embedding-005',
      'llm-text-embedding/tune-text-embedding-model/v1.1.4',
      'tune-text-embedding-model',
    ],
  ])('%s is tuned by %s', (reference, template, pipelineName) => {
    expect(row(reference)).toMatchObject({ templateUri: `${PREFIX}${template}`, pipelineName });
  });

  it.each([
    ['text-bison@002', { 'us-central1': 8, 'europe-west4': 24 }],
    ['chat-bison@002', { 'us-central1': 8, 'europe-west4': 24 }],
    ['text-bison-32k@002', { 'us-central1': 8, 'europe-west4': 8 }],
    ['codechat-bison-32k@002', { 'us-central1': 8, 'europe-west4': 8 }],
  ])('%s trains batches of the guide’s sizes', (reference, batchSize) => {
    expect(pipelineRow(reference).batchSize).toEqual(batchSize);
  });

  it('has evaluation for text and code alone', () => {
    const kinds = new Set(PIPELINE_MODELS.filter((model) => model.hasEvaluation).map((model) => model.kind));
    expect([...kinds]).toEqual(['text', 'code']);
  });

  it('has each reference once, and everything that is required among what is allowed', () => {
    const models: readonly Model[] = MODELS;
    expect(new Set(models.map((model) => model.reference)).size).toBe(models.length);
    expect(
      models.filter(({ required, parameters }) => {
        const allowed: readonly string[] = parameters;
        return !required.every((key) => allowed.includes(key));
      }),
    ).toEqual([]);
  });

  it.each([
    ['text-bison@002', '2024-10-08', false],
    ['text-bison@002', '2024-10-09', true],
    ['textembedding-gecko@001', '2026-11-22', true],
    ['text-embedding-005', '2027-03-31', false],
    ['text-embedding-005', '2027-04-01', true],
  ])('%s on %s: retired is %s', (reference, day, expected) => {
    expect(isRetired(row(reference), day)).toBe(expected);
  });

  it('knows the references of a family, and no family by a name of Object', () => {
    expect(referencesOfFamily('chat-bison')).toEqual(['chat-bison@002']);
    expect(referencesOfFamily('text-embedding')).toEqual(['text-embedding-004', 'text-embedding-005']);
    expect(findModel('constructor')).toBeUndefined();
  });
});

describe('regions', () => {
  it('are the thirteen of the guide, each with a host of Google', () => {
    expect(REGIONS).toHaveLength(13);
    const hosts = REGIONS.map((region) => new URL(`https://${vertexHost(region)}/v1`).hostname);
    expect(hosts.filter((host) => !/^[a-z0-9-]+-aiplatform\.googleapis\.com$/.test(host))).toEqual([]);
  });

  it.each([
    ['us-central1', 'us-central1-aiplatform.googleapis.com'],
    ['us-east5', 'us-east5-aiplatform.googleapis.com'],
    ['global', 'aiplatform.googleapis.com'],
    ['us', 'aiplatform.us.rep.googleapis.com'],
    ['eu', 'aiplatform.eu.rep.googleapis.com'],
  ])('%s is asked at %s, and a token goes there', (location, host) => {
    expect(vertexHost(location)).toBe(host);
    expect(isAtVertex(`https://${host}/v1/x`)).toBe(true);
  });

  it.each([
    ...['x.evil.com/#', 'us-central1@evil', 'us-central1.evil.com', 'xx-yy1', 'us-east1', 'US'],
    ...['', '__proto__', 'us-central1 ', 'us-central1\n', '../us'],
  ])('%j gets no host', (location) => {
    expect(() => vertexHost(location)).toThrow(RangeError);
    expect(isAtVertex(`https://${location}-aiplatform.googleapis.com/v1/x`)).toBe(false);
  });

  it.each([
    'http://us-central1-aiplatform.googleapis.com/v1/x',
    'https://us-central1-aiplatform.googleapis.com',
    'https://us-central1-aiplatform.googleapis.com.evil.com/v1/x',
    'https://us-central1-aiplatform.googleapis.com@evil.com/v1/x',
    'https://us-central1-aiplatform.googleapis.com:8443/v1/x',
    'https://us-central1-aiplatform.googleapis.com\\@evil.com/v1/x',
    'https://user@aiplatform.googleapis.com/v1/x',
    'https://evil.com/https://aiplatform.googleapis.com/v1/x',
    'https://storage.googleapis.com/v1/x',
    ' https://aiplatform.googleapis.com/v1/x',
  ])('no token goes to %j', (url) => {
    expect(isAtVertex(url)).toBe(false);
  });

  it.each([
    ['us-central1', 'us'],
    ['europe-west4', 'eu'],
    ['asia-southeast1', 'us'],
  ])('what was tuned in %s answers in %s, where a multi-region answers', (region, location) => {
    expect(multiRegionOf(region)).toBe(location);
  });
});
