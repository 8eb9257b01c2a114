/** What is broken on purpose, and the test by which it is caught, where that is not the model. */
export const CAUGHT_BY_TESTS: readonly { name: string; file: string; test: string }[] = [
  {
    name: 'the boundary acknowledges everything',
    file: 'test/functions/boundary.test.ts',
    test: 'a lost answer comes again, and is a warning',
  },
  {
    name: 'the boundary acknowledges nothing that fails',
    file: 'test/functions/boundary.test.ts',
    test: 'what no further try can fix is acknowledged, and told as an error of the event',
  },
  {
    name: 'one run that fails ends the tick',
    file: 'test/functions/poll-faults.test.ts',
    test: 'what passes by the next tick is logged with its stack and its run, and written nowhere',
  },
  {
    name: 'since when a job does not answer is known to one instance alone',
    file: 'test/functions/poll-unanswered.test.ts',
    test: 'is told after an hour, since when it does',
  },
  {
    name: 'a tick waits for whoever gives no answer',
    file: 'test/functions/poll-stalls.test.ts',
    test: 'a tick ends though %s never comes',
  },
  {
    name: 'calls have no deadline',
    file: 'test/contract/deadlines.test.ts',
    test: '%s that is never answered is given up after %d seconds, and may have taken effect',
  },
  {
    name: 'the checksum of a download is not compared',
    file: 'test/contract/download.test.ts',
    test: 'bytes that changed on the way are no verdict: the checksum is compared (%o)',
  },
  {
    name: 'a download that stalls is waited for',
    file: 'test/contract/download.test.ts',
    test: 'a download that brings nothing more is opened again after half a minute, where it stopped',
  },
  {
    name: 'a run over which its function dies is asked for as long as one that no function takes',
    file: 'test/functions/poison.test.ts',
    test: 'ends after a day, and its document and its file say why and what to do',
  },
  {
    name: 'a function that is away counts as one that dies',
    file: 'test/functions/poison.test.ts',
    test: 'days in which no function comes are absence: they count for nothing beside the deaths that there were',
  },
  {
    name: 'deaths over a run are counted on with another version',
    file: 'test/functions/poison.test.ts',
    test: 'has a day with each version of the function',
  },
];
