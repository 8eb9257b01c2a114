/** What is kept of models and endpoints: as the API serves them, and what they answer with. */
import type { Labels } from '../http/labels.ts';

/** What kind of model a base model is: it decides how it is asked and what it answers. */
export type Family = 'text' | 'code' | 'chat' | 'embedding' | 'gemini' | 'open';

/** `Model` of the v1 API, the fields that a tuned model carries. */
export type ModelResource = {
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
  pipelineJob?: string;
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
  /** Where it is not the last checkpoint that is deployed. */
  checkpointId?: string;
  automaticResources?: { minReplicaCount: number; maxReplicaCount: number };
};

/** A version of a model after its first; the first stands in the model itself. */
export interface ModelVersionRecord {
  /** `{model}@{version}` */
  name: string;
  model: ModelResource;
}

/** What tuning left behind for a version of a model, or for one of its checkpoints: what an endpoint answers with. */
export interface TunedRecord {
  /** By `weightsName`. */
  name: string;
  family: Family;
  baseModel: string;
  /** What the tuner left behind, as base64; absent where nothing was trained. */
  weights?: string | undefined;
}

/** Names the weights of a version, or those of one of its checkpoints. */
export function weightsName(model: string, version: string, checkpointId?: string): string {
  const ofVersion = `${model}@${version}`;
  return checkpointId === undefined ? ofVersion : `${ofVersion}/checkpoints/${checkpointId}`;
}
