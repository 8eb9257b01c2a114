import type { Plan } from '../../shared/core/tuning/plan.ts';
import { alignRows, countOf } from '../command-line/text.ts';

/** The heart of a plan: what is trained, how long and where. */
export function planLines(plan: Plan): string[] {
  const { regions } = plan;
  return alignRows([
    ['model', `${plan.baseModel}, tuned as ${plan.modelDisplayName}`],
    ['training', trainingText(plan)],
    ['accelerator', plan.accelerator],
    [
      'regions',
      `pipeline job ${regions.pipelineJob}, training ${regions.training}, model upload ${regions.modelUpload}`,
    ],
  ]);
}

function trainingText({ training: { steps, batchSize, epochs, evaluations } }: Plan): string {
  const parts = [
    `${countOf(steps, 'step')}, batch size ${batchSize}`,
    epochs === undefined ? [] : countOf(epochs, 'epoch'),
    evaluations === undefined ? [] : countOf(evaluations, 'evaluation'),
  ];
  return parts.flat().join(', ');
}
