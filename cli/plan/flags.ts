import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { CREATE_LANGUAGES } from '../../shared/core/tuning/calls/create.ts';
import type { Flags } from '../command-line/flags.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { CHECK_FLAGS, JSON_FLAG, REGION_FLAG } from '../folder/flags.ts';

/** The flags of `tunedrop plan`. */
export const PLAN_FLAGS = {
  project: DEPLOYMENT_FLAGS.project,
  ...CHECK_FLAGS,
  region: REGION_FLAG,
  json: JSON_FLAG,
  as: {
    value: 'LANGUAGE',
    help: `the creation alone: ${CREATE_LANGUAGES.join(', ')}`,
    details: 'To be pasted. With --staging off it names your own files.',
    takes: `one of ${CREATE_LANGUAGES.join(', ')}`,
    read: (text: string) => CREATE_LANGUAGES.find((one) => one === text),
  },
  results: {
    value: 'gs://BUCKET',
    help: 'its results bucket',
    details: 'Without it: that of the deployment, which is gs://PROJECT-results.',
    takes: 'gs://BUCKET',
    read: (uri: string) => {
      const parsed = parseGsUri(uri);
      return parsed.ok && parsed.name === '' ? parsed.bucket : undefined;
    },
  },
  generation: {
    value: 'N',
    help: 'generation of tune.json',
    details: 'The id of the run is made of it; 0 is that of no object.',
    default: '0',
    takes: 'digits',
    read: (text: string) => (/^\d{1,19}$/.test(text) ? text : undefined),
  },
  staging: {
    value: 'on|off',
    help: 'copies, or the uploads',
    details: 'The job is trained on copies in the results bucket.',
    default: 'on',
    takes: 'on or off',
    read: (text: string) => ({ on: true, off: false })[text],
  },
  'service-account': {
    value: 'ACCOUNT',
    help: 'account that runs the jobs',
    details: 'For a manifest without service_account.',
  },
} as const satisfies Flags;
