import type { Flags } from '../command-line/flags.ts';

/** Which deployment is meant; without any of them it is found: see find.ts. */
export const DEPLOYMENT_FLAGS = {
  project: {
    value: 'PROJECT',
    help: 'project of the deployment',
    details: '`tunedrop-local` is the embedded cloud of npm start.',
    takes: 'a project id',
    // It becomes part of an address, so nothing goes through that a project id does not have.
    read: (id: string) => (/^[a-z0-9][a-z0-9.:-]*$/.test(id) ? id : undefined),
  },
  bucket: {
    value: 'gs://BUCKET',
    help: 'its inbox (without it: gs://PROJECT-inbox)',
    takes: 'gs://BUCKET',
    read: (uri: string) => /^gs:\/\/([a-z0-9][a-z0-9._-]*)\/?$/.exec(uri)?.[1],
  },
  database: {
    value: 'NAME',
    help: 'its Firestore database (without it: tunedrop)',
    takes: 'the name of a database',
    read: (name: string) => (/^(?:\(default\)|[a-z0-9-]+)$/.test(name) ? name : undefined),
  },
  region: {
    value: 'REGION',
    help: 'its region (without it: us-central1)',
    takes: 'a region',
    read: (name: string) => (/^[a-z]+(?:-[a-z]+\d)?$/.test(name) ? name : undefined),
  },
} as const satisfies Flags;

export interface DeploymentFlags {
  project: string | undefined;
  bucket: string | undefined;
  database: string | undefined;
  region: string | undefined;
}
