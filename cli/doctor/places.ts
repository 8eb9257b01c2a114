import topology from '../../functions/functions.json' with { type: 'json' };
import type { BucketFacts, Facts, FunctionFacts } from './facts.ts';
import type { Finding, Health } from './findings.ts';
import type { GoogleAnswer } from './google.ts';
import { APPLY, RESOURCES } from './resources.ts';

/** The APIs that Terraform enables. */
export function apiFindings({ apis, deployed, names: { project, key } }: Facts): Finding[] {
  const say = finding('APIs');
  const wanted = deployed.apis.filter(({ part }) => part !== 'key' || key !== '').map(({ api }) => api);
  if (apis.kind !== 'seen')
    return [
      say(
        'not seen',
        `Which APIs are enabled could not be read: ${whyNot(apis)}`,
        `gcloud services list --enabled --project=${project}`,
      ),
    ];
  const off = wanted.filter((api) => apis.value.get(api) !== true);
  if (off.length === 0) return [say('ok', `All ${wanted.length} APIs are enabled.`)];
  return off.map((api) =>
    say('missing', `The API ${api} is not enabled.`, `gcloud services enable ${api} --project=${project}`),
  );
}

/** The two buckets that people see. */
export function bucketFindings({ buckets, names }: Facts): Finding[] {
  const say = finding('Buckets');
  return (['inbox', 'results'] as const).map((role) => {
    const name = names[role];
    const bucket = buckets[role];
    if (bucket.kind === 'seen')
      return say('ok', `The bucket ${name} (${role}) is in ${placeOf(bucket.value)}.`);
    if (bucket.kind === 'absent')
      return say(
        'missing',
        `There is no bucket ${name}, the ${role}.`,
        RESOURCES.bucket.make?.(name, names, '') ?? APPLY,
      );
    return say(
      'not seen',
      `The bucket ${name} (${role}) could not be read: ${bucket.why}`,
      `gcloud storage buckets describe gs://${name}`,
    );
  });
}

/** Functions, what wakes them, and where all of that is. */
export function functionFindings(facts: Facts): Finding[] {
  const say = finding('Functions and triggers');
  const { functions, names, buckets } = facts;
  if (functions.kind !== 'seen')
    return [
      say(
        'not seen',
        `The functions could not be read: ${whyNot(functions)}`,
        `gcloud functions list --v2 --project=${names.project}`,
      ),
    ];
  return [
    ...Object.entries(topology.functions).flatMap(([name, { triggers }]) => {
      const found = functions.value.find((one) => one.name.endsWith(`/functions/${name}`));
      if (found === undefined) return say('missing', `There is no function ${name}.`, APPLY);
      const own = oneFunction(name, found, facts);
      const isWoken = triggers.some(({ kind }) => kind === 'storage');
      return isWoken ? [...own, ...triggerFindings(name, found, { names, inbox: buckets.inbox })] : own;
    }),
    ...scheduleFindings(facts),
  ];
}

function oneFunction(name: string, found: FunctionFacts, { names, buckets: { inbox } }: Facts): Finding[] {
  const say = finding('Functions and triggers');
  const region = regionOf(found);
  if (found.state !== 'ACTIVE')
    return [
      say(
        'missing',
        `The function ${name} is ${found.state} and not ACTIVE.`,
        `gcloud functions describe ${name} --v2 --region=${region} --project=${names.project}`,
      ),
    ];
  if (inbox.kind === 'seen' && placeOf(inbox.value) !== region)
    return [
      say(
        'missing',
        `The function ${name} is in ${region}, and the inbox in ${placeOf(inbox.value)}.`,
        `${APPLY} -var region=${placeOf(inbox.value)}`,
      ),
    ];
  return [say('ok', `The function ${name} is in ${region} and active.`)];
}

interface Around {
  names: Facts['names'];
  inbox: GoogleAnswer<BucketFacts>;
}

/** What tells of uploads: Eventarc hears a bucket only in the bucket's own location, cloud.google.com/eventarc/docs/run/create-trigger-storage-gcloud. */
function triggerFindings(
  name: string,
  { eventTrigger, name: full }: FunctionFacts,
  { names, inbox }: Around,
): Finding[] {
  const say = finding('Functions and triggers');
  const { project, inbox: bucket } = names;
  const create = (location: string) =>
    `gcloud eventarc triggers create ${name}-${bucket} --project=${project} --location=${location} --destination-run-service=${name} ` +
    `--destination-run-region=${regionOf({ name: full })} --event-filters=type=${FINALIZED} --event-filters=bucket=${bucket} ` +
    `--service-account=tunedrop-trigger@${project}.iam.gserviceaccount.com`;
  if (inbox.kind !== 'seen')
    return [
      say(
        'not seen',
        `Whether the trigger of ${name} is where the inbox is could not be seen: the bucket could not be read.`,
        `gcloud storage buckets describe gs://${bucket} --format='value(location)'`,
      ),
    ];
  const place = placeOf(inbox.value);
  const region = eventTrigger?.triggerRegion;
  const hears = eventTrigger?.eventFilters?.find(({ attribute }) => attribute === 'bucket')?.value;
  if (region === undefined)
    return [
      say('missing', `No trigger wakes the function ${name} when something is uploaded.`, create(place)),
    ];
  if (hears !== bucket)
    return [
      say(
        'missing',
        `The trigger of ${name} hears the bucket ${hears ?? 'of nobody'}, and not ${bucket}.`,
        create(place),
      ),
    ];
  if (region !== place)
    return [
      say(
        'missing',
        `The trigger of ${name} is in ${region}, and the inbox in ${place}: no upload wakes it. A trigger cannot be moved; this makes another one, and Terraform does the same at the next apply.`,
        create(place),
      ),
    ];
  return [say('ok', `The trigger of ${name} and the inbox are both in ${place}.`)];
}

const FINALIZED = 'google.cloud.storage.object.v1.finalized';

function scheduleFindings({ schedules, names: { project, region } }: Facts): Finding[] {
  const say = finding('Functions and triggers');
  const where = `--location=${region} --project=${project}`;
  return [...schedules].map(([name, job]) => {
    if (job.kind === 'absent') return say('missing', `Nothing calls ${name} by schedule.`, APPLY);
    if (job.kind === 'refused')
      return say(
        'not seen',
        `Whether ${name} is called by schedule could not be read: ${job.why}`,
        `gcloud scheduler jobs describe ${name} ${where}`,
      );
    if (job.value.state !== 'ENABLED')
      return say(
        'missing',
        `The job that calls ${name} by schedule is ${job.value.state}: no run is followed.`,
        `gcloud scheduler jobs resume ${name} ${where}`,
      );
    return say('ok', `The function ${name} is called by schedule.`);
  });
}

/** Cloud Storage writes locations in capitals, everybody else does not. */
const placeOf = ({ location }: BucketFacts) => location.toLowerCase();
const regionOf = ({ name }: Pick<FunctionFacts, 'name'>) => name.split('/')[3] ?? '';

const finding =
  (subject: Finding['subject']) =>
  (health: Health, says: string, command?: string): Finding => ({ subject, health, says, command });

const whyNot = (answer: GoogleAnswer<unknown>) =>
  answer.kind === 'refused' ? answer.why : 'Google says that there is nothing there.';
