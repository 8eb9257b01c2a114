import { describe, expect, test } from 'vitest';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';
import { buildFileFindings } from './checks/build-file.ts';

const files = repoFiles(/^cloudbuild[\w.]*\.yaml$/);

test('there are build files', () => {
  expect(files).toContain('cloudbuild.yaml');
});

test.each(files)('%s is a build that Cloud Build takes', (file) => {
  expect(buildFileFindings(file, readRepoFile(file))).toEqual([]);
});

describe('a planted mistake in cloudbuild.yaml is found', () => {
  const text = readRepoFile('cloudbuild.yaml');

  test.each([
    {
      name: 'a misspelt field',
      from: /entrypoint:/,
      to: 'entryPoint:',
      finds: /steps\[0\]\.entryPoint is no field of BuildStep; did you mean entrypoint\?/,
    },
    {
      name: 'a value that is none',
      from: /CLOUD_LOGGING_ONLY/,
      to: 'CLOUD_LOGING_ONLY',
      finds:
        /options\.logging is "CLOUD_LOGING_ONLY", but has to be one of .*did you mean CLOUD_LOGGING_ONLY\?/,
    },
    {
      name: 'a machine that there is not',
      from: /E2_HIGHCPU_8/,
      to: 'E2_HIGHCPU_9',
      finds: /options\.machineType is "E2_HIGHCPU_9", but has to be one of/,
    },
    {
      name: 'a duration in minutes',
      from: /timeout: 3600s/,
      to: 'timeout: 60m',
      finds: /timeout is "60m", but a duration is in seconds/,
    },
    {
      name: 'a wait for a step that there is not',
      from: /waitFor: \[install\]/,
      to: 'waitFor: [instal]',
      finds: /waits for "instal", which is no step before it; did you mean install\?/,
    },
    {
      name: 'a substitution that is not declared',
      from: /_ENVIRONMENT\}/,
      to: '_ENVIRONMNT}',
      finds: /uses \$_ENVIRONMNT, which is no substitution; did you mean _ENVIRONMENT\?/,
    },
    {
      name: 'a substitution that nothing uses',
      from: /substitutions:\n/,
      to: 'substitutions:\n  _LEFT_OVER: x\n',
      finds: /substitutions\._LEFT_OVER is used by nothing/,
    },
    {
      name: 'a text where a list has to be',
      from: /args: \[ci, --ignore-scripts\]/,
      to: 'args: ci',
      finds: /steps\[0\]\.args has to be a list/,
    },
    {
      name: 'a number where a text has to be',
      from: /args: \[ci, --ignore-scripts\]/,
      to: 'args: [1]',
      finds: /steps\[0\]\.args\[0\] is 1, but a text is expected/,
    },
    {
      name: 'an image without a version',
      from: /name: node:[\d.]+/,
      to: 'name: node',
      finds: /step "install" has the image node without a version/,
    },
    {
      name: 'no place for the logs',
      from: / {2}logging: CLOUD_LOGGING_ONLY\n/,
      to: '',
      finds: /options\.logging is not set/,
    },
    {
      name: 'the same step twice',
      from: /id: check/,
      to: 'id: install',
      finds: /step "install" stands twice/,
    },
    { name: 'no YAML', from: /steps:/, to: 'steps: [', finds: /cloudbuild\.yaml is no YAML/ },
  ])('$name', ({ from, to, finds }) => {
    const planted = text.replace(from, to);
    expect(planted).not.toBe(text);
    expect(buildFileFindings('cloudbuild.yaml', planted)).toContainEqual(expect.stringMatching(finds));
  });
});
