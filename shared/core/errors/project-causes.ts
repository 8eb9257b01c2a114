import type { Named } from './named.ts';

/** What a remedy about a project needs. */
export interface ProjectFacts {
  project?: string | undefined;
  named: Named;
}

/** Why Google refuses whatever is asked in a project, whichever of its services is asked. */
interface ProjectCause {
  reason: string;
  /** Google's words for it. */
  words: RegExp;
  sentence: string;
  /** What an administrator does, without what comes after it. Where no API is named it is `api`. */
  remedy: (facts: ProjectFacts, api: string) => string;
}

/**
 * Sources: GoogleCloudPlatform/vertex-ai-samples #476; GoogleCloudPlatform/php-docs-samples #1235; googleapis/python-aiplatform #5132;
 * cloud.google.com/vpc-service-controls/docs/retrieve-troubleshoot-errors; GoogleCloudPlatform/training-data-analyst #1811.
 */
export const PROJECT_CAUSES = [
  {
    reason: 'ApiDisabled',
    words:
      /has not been used in project \S+ before or it is disabled|SERVICE_DISABLED|accessNotConfigured|API \S{0,2}[a-z]+\.googleapis\.com\S{0,2} (?:is )?not enabled/,
    sentence: 'An API of Google Cloud is not enabled in this project.',
    remedy: ({ project, named }, api) =>
      `Enable the API and wait a few minutes:\ngcloud services enable ${named.api ?? api} --project ${projectInCommand({ project })}`,
  },
  {
    reason: 'BillingDisabled',
    words:
      /requires billing to be enabled|BILLING_(?:DISABLED|NOT_ACTIVE)|absent billing account|account for the specified project has been disabled|billing (?:is|has been) (?:disabled|closed)|billing account .{0,80}(?:closed|disabled|delinquent)/i,
    sentence: 'The project has no billing account, or one that is closed.',
    remedy: ({ project }) =>
      `Link the project to an open billing account and wait a few minutes:\ngcloud billing projects link ${projectInCommand({ project })} --billing-account BILLING_ACCOUNT_ID`,
  },
  {
    reason: 'ServicePerimeter',
    words:
      /vpcServiceControlsUniqueIdentifier|VPC_SERVICE_CONTROLS|SECURITY_POLICY_VIOLATED|prohibited by organization[’']s policy|violates VPC Service Controls/i,
    sentence: 'VPC Service Controls of the organisation do not let this request into or out of a perimeter.',
    remedy: ({ project, named }) =>
      `Ask whoever runs the service perimeter for an ingress or egress rule; the audit log says which one is missing:\ngcloud logging read 'protoPayload.metadata.@type:"type.googleapis.com/google.cloud.audit.VpcServiceControlAuditMetadata"${named.perimeterId ? ` AND "${named.perimeterId}"` : ''}' --project ${projectInCommand({ project })}`,
  },
  {
    reason: 'ProjectUnknown',
    words: /Permission denied on resource project |CONSUMER_INVALID|CONSUMER_SUSPENDED/,
    sentence: 'Google does not know this project, or has suspended it.',
    remedy: ({ project }) =>
      `Deploy with the id of a project that is active, not with its title:\ngcloud projects describe ${projectInCommand({ project })}`,
  },
] as const satisfies readonly ProjectCause[];

/** The row of Google's words; undefined where they are about something else. */
export function findProjectCause(words: string): ProjectCause | undefined {
  return PROJECT_CAUSES.find((cause) => cause.words.test(words));
}

/** The project in a command that can be pasted, or a word to replace. */
export const projectInCommand = ({ project }: { project?: string | undefined }) => project ?? 'PROJECT_ID';
