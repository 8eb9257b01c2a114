import { type EarlierRun, earlierRuns } from '../comparison/earlier-runs.ts';
import type { Scored } from '../evaluation/answers.ts';
import type { Run } from '../run/run.ts';
import type { MetricSeries } from '../tuning/metrics.ts';
import type { RunProgress } from '../tuning/run-progress.ts';
import { type AskedView, askedOf } from './asked.ts';
import { type CostSection, costSectionOf } from './cost.ts';
import { type CurvesView, curvesOf, drawableSeries } from './curves.ts';
import { type DataSection, dataOf } from './data.ts';
import { type EvaluationSection, evaluationSectionOf } from './evaluation.ts';
import { type HeadlineView, headlineOf } from './headline.ts';
import { type OutcomeView, outcomeViewOf } from './outcome.ts';
import { type ProblemsView, problemsOf } from './problems.ts';
import { type SweepSection, sweepSectionOf } from './sweep.ts';
import { type TimelineEntry, timelineOf } from './timeline.ts';

/** Everything that a report shows, one part for each section; only what makes these parts knows the run document. */
export interface ReportView {
  headline: HeadlineView;
  asked: AskedView;
  data: DataSection;
  cost: CostSection | undefined;
  evaluation: EvaluationSection | undefined;
  sweep: SweepSection | undefined;
  curves: CurvesView;
  outcome: OutcomeView;
  problems: ProblemsView | undefined;
  timeline: TimelineEntry[];
  earlier: EarlierRun[];
  source: { runId: string; manifestUri: string; generation: string };
}

/** Turns a run, its series, how far its job is and what its model answered into what a report shows. */
export function reportViewOf(
  run: Run,
  series: readonly MetricSeries[],
  {
    progress,
    answers = [],
    earlier = [],
  }: {
    progress?: RunProgress | undefined;
    answers?: readonly Scored[] | undefined;
    earlier?: readonly Run[] | undefined;
  } = {},
): ReportView {
  const { uri, generation } = run.spec.source;
  return {
    headline: headlineOf(run, { series: drawableSeries(series), progress }),
    asked: askedOf(run),
    data: dataOf(run),
    cost: costSectionOf(run),
    evaluation: evaluationSectionOf(run, answers),
    sweep: sweepSectionOf(run),
    curves: curvesOf(run, series),
    outcome: outcomeViewOf(run),
    problems: problemsOf(run),
    timeline: timelineOf(run),
    earlier: earlierRuns(run, earlier),
    source: { runId: run.runId, manifestUri: uri, generation },
  };
}
