import { expect, it } from 'vitest';
import { decide, type FolderStep, type PathState } from '../../local/storage/folder/decide.ts';

/** inode, size, modification and change time. */
const [ONE, TOUCHED, CHMOD] = ['1:3:100:100', '1:3:200:200', '1:3:100:200'];
const SYNCED = { signature: ONE, generation: '7' };

it.each<{ what: string; state: Partial<PathState>; step: FolderStep }>([
  { what: 'nothing anywhere', state: {}, step: 'nothing' },
  {
    what: 'a file and its object as they were',
    state: { file: ONE, object: '7', synced: SYNCED },
    step: 'nothing',
  },

  { what: 'a file that nobody knew', state: { file: ONE }, step: 'upload' },
  { what: 'a changed file', state: { file: TOUCHED, object: '7', synced: SYNCED }, step: 'upload' },
  {
    what: 'a changed file whose object is gone',
    state: { file: TOUCHED, synced: SYNCED },
    step: 'upload',
  },
  {
    what: 'a file with other permissions',
    state: { file: CHMOD, object: '7', synced: SYNCED },
    step: 'upload what differs',
  },
  {
    what: 'a file that nobody knew beside an object that nobody knew',
    state: { file: ONE, object: '7' },
    step: 'upload what differs',
  },
  {
    what: 'a changed file and a changed object',
    state: { file: TOUCHED, object: '8', synced: SYNCED },
    step: 'upload what differs',
  },

  { what: 'an object that nobody knew', state: { object: '7' }, step: 'write file' },
  { what: 'a changed object', state: { file: ONE, object: '8', synced: SYNCED }, step: 'write file' },
  { what: 'a changed object whose file is gone', state: { object: '8', synced: SYNCED }, step: 'write file' },

  { what: 'an object whose file is gone', state: { object: '7', synced: SYNCED }, step: 'remove object' },
  { what: 'a file whose object is gone', state: { file: ONE, synced: SYNCED }, step: 'remove file' },
  { what: 'both gone', state: { synced: SYNCED }, step: 'forget' },
])('$what: $step', ({ state, step }) => {
  expect(decide({ file: undefined, object: undefined, synced: undefined, ...state })).toBe(step);
});
