import type { Flags } from '../command-line/flags.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { JSON_FLAG } from '../folder/flags.ts';

export const DROP_FLAGS = {
  as: {
    value: 'FOLDER',
    help: 'its folder in the inbox (without it: its name)',
    takes: 'a folder such as team/reviews',
    read: (text: string) => {
      const folder = text.replace(/^\/+|\/+$/g, '');
      const isPlain = folder.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
      return isPlain && !/\p{Cc}/u.test(folder) && !folder.includes(':') ? folder : undefined;
    },
  },
  yes: {
    help: 'uploads without asking',
    details: 'Where nobody sits at a terminal nothing is uploaded without it.',
  },
  strict: { help: 'warnings refuse too' },
  'no-follow': { help: 'ends once everything is uploaded' },
  json: { ...JSON_FLAG, help: 'the document at the end and nothing else' },
  ...DEPLOYMENT_FLAGS,
} as const satisfies Flags;
