import { readRepoFile, repoFiles } from '../../support/repo-files.ts';
import { about, at, type Deployed, ofType } from './deployments.ts';
import { each, type Policy } from './policy.ts';

const ALERT = 'google_monitoring_alert_policy';
const HEARTBEAT_OF_TICKS = 10;

/** What has to ring, and what it is known by in the filter of a condition. Names of metrics: cloud.google.com/monitoring/api/metrics_gcp. */
const WATCHED: readonly { what: string; filter: RegExp }[] = [
  {
    what: 'dead letters',
    filter: /"[\w-]+-kept".*"pubsub\.googleapis\.com\/subscription\/num_undelivered_messages"/,
  },
  {
    what: 'the oldest message, of our subscriptions and of Eventarc’s',
    filter: /eventarc-.*"pubsub\.googleapis\.com\/subscription\/oldest_unacked_message_age"/,
  },
  { what: 'the ratio of errors', filter: /"run\.googleapis\.com\/request_count".*response_code_class="5xx"/ },
  {
    what: 'the heartbeat of a schedule',
    filter: /"run\.googleapis\.com\/request_count".*response_code_class="2xx"/,
  },
  { what: 'the failures of Cloud Scheduler', filter: /"cloud_scheduler_job".*severity>=ERROR/ },
  { what: 'runs that failed', filter: /user\/tunedrop_run_changed".*FAILED\|EXPIRED\|LOST\|DEAD_LETTERED/ },
  {
    what: 'models that were tuned and are not served',
    filter: /user\/tunedrop_run_changed".*"TunedNotServed"/,
  },
  { what: 'refusals for quota', filter: /user\/tunedrop_run_changed".*"QuotaExceeded"/ },
  { what: 'jobs that make no step', filter: /user\/tunedrop_run_changed".*"JobMakesNoStep"/ },
  { what: 'jobs that no run wants', filter: /user\/tunedrop_job_stopped"/ },
  { what: 'uploads whose event did not arrive', filter: /user\/tunedrop_upload_found"/ },
  { what: 'what the deployment lacks', filter: /user\/tunedrop_lacking"/ },
  { what: 'runs that wait for a mistake of ours', filter: /user\/tunedrop_run_postponed"/ },
  { what: 'runs that are overdue', filter: /user\/tunedrop_run_changed".*RECEIVED\|VALIDATED\|SUBMITTING/ },
  { what: 'jobs that are overdue', filter: /"aiplatform\.googleapis\.com\/pipelinejob\/duration"/ },
];

/** Every function says what happens to it; that somebody hears of it is this. */
export const WATCHING: readonly Policy[] = [
  {
    name: 'everything that has to ring does',
    findings: (deployed) => {
      const filters = ofType(deployed, ALERT).map(({ arguments: own }) =>
        [...JSON.stringify(own.conditions).matchAll(/"filter":"((?:\\.|[^"\\])*)"/g)]
          .map(([, text = '']) => text.replaceAll('\\"', '"'))
          .join('\n'),
      );
      if (ofType(deployed, 'google_cloudfunctions2_function').length === 0) return [];
      return WATCHED.filter(({ filter }) => !filters.some((text) => filter.test(text))).map(
        ({ what, filter }) => `no ${ALERT} watches ${what}: ${filter.source}`,
      );
    },
  },
  {
    name: 'every alert reaches somebody and says what to do',
    findings: (deployed) => {
      const channels = ofType(deployed, 'google_monitoring_notification_channel').length;
      return each(deployed, [ALERT], (instance) => {
        if (!at(instance, 'documentation', 'content')) return 'lacks documentation.content';
        const told = (at(instance, 'notification_channels') ?? []) as unknown[];
        return told.length === channels ? undefined : 'lacks notification_channels: nobody hears of it';
      });
    },
  },
  {
    name: 'a metric counts a line that functions write',
    findings: (deployed) => {
      const sources = repoFiles(/^(?:functions|shared)\/.*\.ts$/).map(readRepoFile);
      return each(deployed, ['google_logging_metric'], (instance) => {
        const message = /jsonPayload\.message="([^"]+)"/.exec(String(at(instance, 'filter')))?.[1];
        if (message === undefined) return 'has a filter without jsonPayload.message';
        return sources.some((source) => source.includes(`'${message}'`))
          ? undefined
          : `counts "${message}", which no function writes`;
      });
    },
  },
  {
    name: 'an alert on a metric of logs is on one that there is',
    findings: (deployed) => {
      const names = ofType(deployed, 'google_logging_metric').map((instance) => String(at(instance, 'name')));
      return each(deployed, [ALERT, 'google_monitoring_dashboard'], ({ arguments: own }) =>
        [...JSON.stringify(own).matchAll(/logging\.googleapis\.com\/user\/(\w+)/g)]
          .filter(([, name = '']) => !names.includes(name))
          .map(([, name]) => `looks at ${name}, and no google_logging_metric is called so`)
          .at(0),
      );
    },
  },
  {
    name: 'the heartbeat is missing after ten ticks at the earliest',
    findings: heartbeatFindings,
  },
];

/** A schedule that is changed in functions.json must not make the alert ring for ever. */
function heartbeatFindings(deployed: Deployed): string[] {
  const [alert] = ofType(deployed, ALERT).filter((instance) =>
    at(instance, 'conditions', 'condition_absent'),
  );
  const seconds =
    alert && Number.parseInt(String(at(alert, 'conditions', 'condition_absent', 'duration')), 10);
  return ofType(deployed, 'google_cloud_scheduler_job').flatMap((job) => {
    const minutes = minutesBetween(String(at(job, 'schedule')));
    if (minutes === undefined) return [about(deployed, job, 'has a schedule that is not every few minutes')];
    return seconds !== undefined && seconds >= minutes * 60 * HEARTBEAT_OF_TICKS
      ? []
      : [
          about(
            deployed,
            job,
            `ticks every ${minutes} minutes, and its heartbeat is taken for missing after ${seconds} seconds`,
          ),
        ];
  });
}

/** Of a schedule whose minute is `*` or `*` with a step; undefined for other schedules. */
function minutesBetween(schedule: string): number | undefined {
  const step = /^\*(?:\/(?<step>\d+))? \* \* \* \*$/.exec(schedule)?.groups;
  return step && Number(step.step ?? 1);
}
