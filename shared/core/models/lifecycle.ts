/** The days of a model's life on Vertex AI, ISO 8601, as far as Google published them, and where. */
export interface Lifecycle {
  /** From this day on projects that did not use the model lately are refused. */
  closedToNewProjectsOn?: string;
  /** From this day on Vertex AI refuses new tuning jobs of every project. */
  tuningBlockedOn?: string;
  /** The published retirement. Where `shutdownOn` is later, projects that use the model go on until then. */
  retiredOn?: string;
  /** The published retirement is this day or later; its day is not fixed yet. */
  retiresNotBefore?: string;
  /** From this day on the model is gone for everybody, tuned versions included. */
  shutdownOn?: string;
  /** What to write in `base_model` instead. */
  successor?: string;
  source: string;
}

/** The day until which projects that use a retired model go on with it; undefined where it is gone for everybody. */
export function goesOnUntil({ lifecycle }: { lifecycle: Lifecycle }, today: string): string | undefined {
  const { shutdownOn } = lifecycle;
  return shutdownOn !== undefined && today < shutdownOn ? shutdownOn : undefined;
}

/** Whether Vertex AI takes no new tuning jobs of the model any more, of all projects or of new ones, on a day (ISO 8601). */
export function isRetired({ lifecycle }: { lifecycle: Lifecycle }, today: string): boolean {
  const last = lifecycle.tuningBlockedOn ?? lifecycle.retiredOn;
  return last !== undefined && today >= last;
}
