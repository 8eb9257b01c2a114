import type { Labels } from '../http/labels.ts';

/** `Tensorboard`, `TensorboardExperiment`, `TensorboardRun` and `TensorboardTimeSeries` of the v1 API. */
export type Tensorboard = {
  name: string;
  displayName: string;
  description?: string;
  labels?: Labels;
  createTime: string;
  updateTime: string;
};

export type TensorboardExperiment = {
  name: string;
  displayName: string;
  description: string;
  source: string;
  createTime: string;
  updateTime: string;
};

export type TensorboardRun = { name: string; displayName: string; createTime: string; updateTime: string };

export type TensorboardTimeSeries = {
  name: string;
  displayName: string;
  valueType: 'SCALAR';
  pluginName: string;
  createTime: string;
  updateTime: string;
};
