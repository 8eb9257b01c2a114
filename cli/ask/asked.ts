import type { SharedInstruction } from '../../shared/core/dataset/statistics.ts';
import { contestantsOf, publisherModel } from '../../shared/core/evaluation/request.ts';
import { findModel, type Model } from '../../shared/core/models/models.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { FoundDeployment } from '../deployment/find.ts';
import { findTunedModel } from '../deployment/models.ts';
import type { OpenDeployment } from '../deployment/open.ts';

/** A model that answers at an address of Vertex AI. */
export interface AskedModel {
  role: 'tuned' | 'base';
  /** Resource name without its host. */
  name: string;
  location: string;
  base: Model;
}

/** Who is asked, and what all examples of the training data begin with. */
export interface Asked {
  models: AskedModel[];
  shared: SharedInstruction | undefined;
}

/** Who is meant by a name; a text is why nobody can be asked. Throws where nothing has the name. */
export async function findAsked(
  target: string,
  { deployment, documents, runs }: Pick<OpenDeployment, 'deployment' | 'documents' | 'runs'>,
  checkpoint?: string,
): Promise<Asked | string> {
  const base = findModel(target);
  if (base && checkpoint !== undefined)
    return 'A base model has no checkpoints: name a tuned model or its run.';
  if (base) return askedBase(base, deployment);
  const tuned = await findTunedModel(target, documents);
  const run = tuned ? await runs.get(tuned.runId) : await runs.find(target);
  if (run === undefined)
    throw new Error(`The run of ${target} is gone, and with it what is known of its model.`);
  return askedOf(run, checkpoint);
}

function askedBase(base: Model, { project, region }: FoundDeployment): Asked | string {
  if (base.kind === 'open')
    return `${base.reference} is an open model, and answers where somebody deploys it.`;
  const location = base.backend === 'tuningJobs' && base.serving === 'multiRegion' ? 'global' : region;
  const name = publisherModel(`projects/${project}/locations/${location}`, base);
  return { models: [askedModel('base', name, base)], shared: undefined };
}

function askedOf({ runId, status, spec }: Run, checkpoint: string | undefined): Asked | string {
  const base = findModel(spec.plan?.baseModel ?? spec.manifest?.base_model ?? '');
  if (status.state !== 'SUCCEEDED' && status.state !== 'PARTIAL')
    return `Run ${runId} is ${status.state}, and has no model to ask.`;
  if (base === undefined)
    return 'Its base model is not known here; status.howToCall may say how it is asked.';
  if (status.endpoint === undefined) return notDeployed(base, status.howToCall?.first);
  const endpoint = checkpoint === undefined ? status.endpoint : endpointOf(checkpoint, status);
  if (endpoint === undefined)
    return `The model of run ${runId} has no checkpoint ${checkpoint} that answers: it has ${idsOf(status)}.`;
  const names = contestantsOf(endpoint, base);
  return {
    models: [askedModel('tuned', names.tuned, base), askedModel('base', names.base, base)],
    shared: sharedOf(status.datasets?.dataset_uri),
  };
}

const endpointOf = (checkpoint: string, { result }: Run['status']) =>
  result?.checkpoints?.find(({ id }) => id === checkpoint)?.endpoint;

function idsOf({ result }: Run['status']): string {
  const ids = (result?.checkpoints ?? []).flatMap(({ id, endpoint }) => (endpoint === undefined ? [] : id));
  return ids.length === 0 ? 'none' : ids.join(', ');
}

function notDeployed(base: Model, first: string | undefined): string {
  const what =
    base.kind === 'open'
      ? 'An open model leaves weights, and answers where somebody deploys them'
      : 'It is deployed to no endpoint';
  return first === undefined ? `${what}.` : `${what}. To deploy it:\n${first}`;
}

function askedModel(role: AskedModel['role'], name: string, base: Model): AskedModel {
  return { role, name, location: name.split('/')[3] ?? '', base };
}

/** Empty texts stand for those that are too long, or that the deployment does not show. */
function sharedOf(statistics: object | undefined): SharedInstruction | undefined {
  return statistics && 'sharedInstruction' in statistics
    ? (statistics.sharedInstruction as SharedInstruction | undefined)
    : undefined;
}
