/** What is kept of models and endpoints: as the API serves them, and what they answer with. */
import type { Labels } from '../http/labels.ts';

/** What kind of model a base model is: it decides how it is asked and what it answers. */
export type Family = 'text' | 'code' | 'chat' | 'embedding';

/** `Model` of the v1 API, the fields that a tuned model carries. */
export type Model = {
  name: string;
  displayName: string;
  description: string;
  versionId: string;
  versionAliases: string[];
  versionDescription: string;
  createTime: string;
  updateTime: string;
  versionCreateTime: string;
  versionUpdateTime: string;
  labels: Labels;
  pipelineJob: string;
  modelSourceInfo: { sourceType: string };
  artifactUri?: string;
  deployedModels?: { endpoint: string; deployedModelId: string }[];
};

/** `Endpoint` of the v1 API. */
export type Endpoint = {
  name: string;
  displayName: string;
  description: string;
  createTime: string;
  updateTime: string;
  labels: Labels;
  deployedModels?: DeployedModel[];
  trafficSplit?: Record<string, number>;
};

export type DeployedModel = {
  id: string;
  model: string;
  modelVersionId: string;
  displayName: string;
  createTime: string;
  automaticResources: { minReplicaCount: number; maxReplicaCount: number };
};

/** What tuning left behind for a model: what `:predict` answers with. */
export interface TunedRecord {
  /** The model's name. */
  name: string;
  family: Family;
  /** Base64. */
  adapter: string;
}
