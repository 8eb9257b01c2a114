import { heading, markdownTable, pageText } from './markdown.ts';
import { NOT_PROMISED } from './not-promised.ts';

/** A test by its file and its name, as they stand in the repository; a repository test looks whether it is there. */
interface Proof {
  file: string;
  name: string;
}

interface Guarantee {
  promise: string;
  /** What has to hold for it, where that is more than what holds for all. */
  assumes?: string;
  proofs: readonly Proof[];
}

const proof = (file: string, name: string): Proof => ({ file: `test/${file}`, name });

/** What is promised of every upload of a manifest. */
export const GUARANTEES: readonly Guarantee[] = [
  {
    promise: 'An upload is one run, however often its event comes, and another upload is another run.',
    proofs: [
      proof('functions/validate.test.ts', 'give one run however often the event arrives'),
      proof('functions/validate.test.ts', 'a manifest that is edited is another run'),
    ],
  },
  {
    promise:
      'New data after a rejection opens one run, whatever comes twice or at once; the same bytes open none, and the end of the refused run stays.',
    assumes: 'It is uploaded to the inbox, its event arrives, and the manifest is still there as it was.',
    proofs: [
      proof(
        'functions/new-data.test.ts',
        'opens another run, linked both ways, and the end of the refused one stays',
      ),
      proof('functions/new-data.test.ts', 'opens one however often its event comes'),
      proof('functions/new-data.test.ts', 'in two files makes one job, whichever event comes first'),
      proof('functions/new-data.test.ts', 'that came while the upload was checked is not missed'),
      proof('contract/continued-runs-contract.ts', 'of many that want to go on from it one does'),
    ],
  },
  {
    promise:
      'A manifest with lists of settings is one run for each combination, all of them or none, and each makes one job, whatever comes twice or dies. A cancel of its path ends all.',
    proofs: [
      proof('functions/sweep.test.ts', 'is checked once and opens three runs, each with a job of its own'),
      proof('functions/sweep-crashes.test.ts', '$next make one run and one job for each setting'),
      proof(
        'functions/sweep-crashes.test.ts',
        'are found by the data that each reads, though all have lost their labels',
      ),
      proof('contract/opened-runs-contract.ts', 'are there with it, all at once'),
      proof('functions/sweep.test.ts', 'reaches runs that were opened after it had looked for them'),
    ],
  },
  {
    promise:
      'The evaluation of a tuned model asks nothing twice, its judge included, but the ten examples that were under way when its function died, and never changes how the run ended.',
    assumes: 'Nobody but the functions writes into the results bucket.',
    proofs: [
      proof('functions/evaluate-crashes.test.ts', 'asks nothing again but the piece that was under way'),
      proof('functions/evaluate.test.ts', 'two who are asked at once: one asks, the other leaves'),
      proof('functions/evaluate.test.ts', 'asks nothing again of what was answered'),
      proof('functions/evaluate.test.ts', 'ends the evaluation after a day, and not the run'),
      proof('functions/evaluate-judge.test.ts', 'asks nothing again but the piece that was under way'),
    ],
  },
  {
    promise:
      'A valid upload whose event is lost is found within 70 minutes, and a minute more for each thousand manifests.',
    assumes:
      'It was uploaded after the first tick of the deployment and in the last seven days, and is still there.',
    proofs: [
      proof(
        'functions/poll-inbox-audit.test.ts',
        'is found within the hour, becomes a job, and says how it was found',
      ),
      proof('functions/poll-inbox-audit.test.ts', 'makes one job when its event comes after all'),
      proof(
        'e2e/lost-events.test.ts',
        'an upload all of whose events were lost is found and becomes one job',
      ),
    ],
  },
  {
    promise:
      'An old bucket, a document that was deleted, a database that was restored from a backup: none of them starts a job.',
    proofs: [
      proof('functions/poll-inbox-audit.test.ts', 'nothing is started'),
      proof('functions/poll-restore.test.ts', 'neither audit makes a second job, however long it goes on'),
    ],
  },
  {
    promise:
      'A run of `pipelineJobs` makes one job for each attempt, whatever is delivered twice, late, or dies.',
    proofs: [
      proof('functions/submit.test.ts', 'becomes one job when messages arrive twice, at once and late'),
      proof(
        'functions/poll-attempts.test.ts',
        'is not followed by two when the answer to the second got lost',
      ),
    ],
  },
  {
    promise:
      'A run of `tuningJobs` follows one job. Another can be made where an answer was lost, since Vertex AI chooses the ids: it is named in `status.otherJobs` within a quarter of an hour, and stopped an hour later.',
    assumes:
      'Vertex AI lists a job within five minutes, or within the quarters of an hour in which it is looked for. A label that was taken away does not hide it; staged data that was renamed too would.',
    proofs: [
      proof(
        'functions/submit-interleavings.test.ts',
        'whatever is lost, late, listed late, stripped of its label or delivered twice: one job is wanted in the end, and every other is stopped and told',
      ),
      proof(
        'functions/submit-tuning.test.ts',
        'and that the list has only after the wait is told within a quarter of an hour, and stopped an hour later',
      ),
    ],
  },
  {
    promise:
      'A job that lives while the document of its run is gone gets the document back, made of `status.json`, of the manifest, or of the job alone; its end is recorded there.',
    assumes:
      'No more than three jobs look so at once (`max_unwanted_jobs`), and its labels or its data name this deployment.',
    proofs: [
      proof(
        'functions/poll-restore.test.ts',
        'it is made anew, as it was, says so, and follows the job to its end',
      ),
      proof(
        'functions/poll-restore.test.ts',
        'of the job alone where nothing else is left, and its end is recorded',
      ),
    ],
  },
  {
    promise: 'A wrong database or a restored backup stops no job and restores nothing; an alert says so.',
    assumes: 'More than three jobs look unwanted or lost at once (`max_unwanted_jobs`).',
    proofs: [
      proof(
        'functions/poll-restore.test.ts',
        'more documents than three that are gone at once look like another database: nothing is done, and the log says so',
      ),
      proof(
        'functions/submit-tuning.test.ts',
        'where more than three jobs look unwanted at once none is stopped, and the log says so: it may be a wrong database',
      ),
    ],
  },
  {
    promise: 'What cannot be read, a region, a document, a job, keeps no other from being looked at.',
    proofs: [
      proof('functions/other-jobs.test.ts', 'a region that cannot be read hides no job of another'),
      proof(
        'functions/other-jobs.test.ts',
        'a document of a later version keeps no other from being made anew',
      ),
    ],
  },
  {
    promise:
      'A document that is older than its run, since a backup was restored, is brought forward to what `status.json` says: no second job is made, none is stopped, and the run ends as it had. An alert says so.',
    assumes:
      'Its `status.json` was written after the last change, is still there, and this version can read it.',
    proofs: [
      proof('functions/restored-backup.test.ts', 'where it waited for its turn'),
      proof(
        'functions/restored-backup.test.ts',
        'of two uploads with the same bytes the first, and the second starts none',
      ),
      proof('functions/restored-backup.test.ts', 'also where no filter of labels finds the job'),
      proof(
        'e2e/lost-jobs.test.ts',
        'an older state of the database is restored: no second job is made, none is stopped, and every run is as it had been',
      ),
    ],
  },
  {
    promise: 'The jobs of another deployment and of other products in the project are never touched.',
    proofs: [
      proof('functions/poll-restore.test.ts', 'are left alone, whatever its database says'),
      proof(
        'e2e/lost-jobs.test.ts',
        'a job of another deployment in the project is left alone, and gets no document here',
      ),
      proof('functions/submit-tuning.test.ts', 'jobs of other products are not touched'),
    ],
  },
  {
    promise: 'Every run ends in one terminal state, which never changes, and its state never goes back.',
    proofs: [
      proof(
        'core/run-state.test.ts',
        'whatever happens in whatever order, a run never goes back and never leaves its end',
      ),
      proof(
        'core/run-state.test.ts',
        'every state but the first can be reached, and only the ends have no way out',
      ),
    ],
  },
  {
    promise:
      'A run that has not ended says what comes next and when, and nothing waits for ever: a run that no function takes ends after 14 days (`max_wait_days`).',
    proofs: [
      proof(
        'functions/poll-asks-again.test.ts',
        'and given up, visibly, when nobody comes for the fourteen days that a run may wait',
      ),
      proof('functions/job-queue.test.ts', 'by the deployment’s limit, with its last word and what to do'),
    ],
  },
  {
    promise:
      'Hours without a function, or with one that fails, end no run, and the same bytes can be uploaded again.',
    proofs: [
      proof('functions/long-absence.test.ts', 'a day without Cloud Storage ends no upload'),
      proof('functions/poll-asks-again.test.ts', 'but not after the days of a bad deployment'),
      proof(
        'functions/poll-asks-again.test.ts',
        'after which the same bytes, uploaded again, are a run of their own, as the document says',
      ),
    ],
  },
  {
    promise:
      'Absence is not poison: a run ends early only over what kills its function. Of `validate` each claim without an answer is counted, by version; ten of one version over a whole day end the run, which says so. Uploaded again, it begins anew.',
    assumes:
      '`submit` is not counted: it reads no upload, and a job that it may have made has to be looked for. Such a run ends after 14 days.',
    proofs: [
      proof(
        'functions/poison.test.ts',
        'ends after a day, and its document and its file say why and what to do',
      ),
      proof(
        'functions/poison.test.ts',
        'days in which no function comes are absence: they count for nothing beside the deaths that there were',
      ),
      proof('functions/poison.test.ts', 'has a day with each version of the function'),
      proof(
        'e2e/poison.test.ts',
        'an upload that kills the validate function every time ends after a day, and is checked when it is uploaded again',
      ),
    ],
  },
  {
    promise: 'What is trained on are the bytes that were checked.',
    assumes: 'Nobody but the functions writes into the results bucket.',
    proofs: [
      proof(
        'functions/validate.test.ts',
        'are checked, copied to where no uploader writes, planned, and handed to submit',
      ),
      proof(
        'contract/object-store-contract.ts',
        'a copy is made once: copying another version to the same place returns what is there',
      ),
    ],
  },
  {
    promise: 'A function that wakes up late changes neither the document nor a file of what happened since.',
    proofs: [
      proof(
        'functions/poll-wakes-late.test.ts',
        'a tick that froze over its look at a job brings no run back to the attempt before',
      ),
      proof(
        'contract/run-store-contract.ts',
        'a lease that has run out can be taken over, which fences the first holder',
      ),
      proof('functions/run-files.test.ts', 'status.json keeps %s'),
      proof('functions/run-files.test.ts', 'no slow function writes what the one before says (%s)'),
      proof(
        'functions/job-queue.test.ts',
        'a tick that was frozen over its choice lets nobody in who had a turn already',
      ),
    ],
  },
  {
    promise:
      'With room for so many jobs never more are active, runs get their turn in the order of their uploads, and all end.',
    proofs: [
      proof(
        'functions/admission-turns.test.ts',
        'a tick that was frozen over its choice lets none in beyond the cap, though an older upload came meanwhile',
      ),
      proof(
        'functions/job-queue.test.ts',
        'sixty uploads with room for five all become a job, with functions that die at every step, in at most ten writes each',
      ),
      proof('functions/job-queue.test.ts', 'lets none pass that came later'),
    ],
  },
  {
    promise:
      'All of this holds together, whatever is lost, late, repeated, killed or asleep, with both services of Vertex AI.',
    assumes: 'What the [model](broken-variants.md) has in its alphabet; the conditions of the other rows.',
    proofs: [
      proof(
        'model/pipeline-jobs-fixed-seed.test.ts',
        'with pipelineJobs every promise is kept, whatever is lost, late, repeated, killed or asleep',
      ),
      proof(
        'model/tuning-jobs-fixed-seed.test.ts',
        'with tuningJobs every promise is kept, whatever is lost, late, repeated, killed or asleep',
      ),
      proof('e2e/crash-points.test.ts', 'docs/crash-points.md lists every call of every function'),
      proof(
        'e2e/small-campaign.test.ts',
        'a small campaign of kills, stalls, duplicates and overlapping polls ends with one job for every valid drop',
      ),
    ],
  },
  {
    promise: 'A dependency that stands still holds up nothing else, and a tick ends.',
    proofs: [
      proof('functions/poll-stalls.test.ts', 'holds up no other run, and the tick ends'),
      proof(
        'functions/poll-stalls.test.ts',
        'what a tick did not reach is first in the next, so that every run is looked at in turn',
      ),
    ],
  },
  {
    promise:
      'A job that cannot be followed for an hour is told in the document of its run, with since when and why, until it can be; also where no instance of `poll` lives that long.',
    assumes: '`poll` can write its notes within that hour.',
    proofs: [
      proof('functions/poll-unanswered.test.ts', 'is told after an hour, since when it does'),
      proof(
        'functions/poll-unanswered.test.ts',
        'is noted once for all runs when it begins and once when it is over; each run is written once at either',
      ),
      proof(
        'functions/poll-stalls.test.ts',
        'is told in the document then, since when and what is done about it, in one write',
      ),
    ],
  },
  {
    promise:
      'Every change of state is published, the changes of a run in order, each under one id however often it comes.',
    proofs: [
      proof('functions/outbox.test.ts', 'has all of its states published, each once and in order'),
      proof('functions/outbox.test.ts', 'after it wrote an end is followed by a tick that publishes it'),
    ],
  },
  {
    promise:
      'The end of a tuned model stands in its document and is published 90, 30 and 7 days before and when it has come, each under one id, with the manifest that tunes its successor where there is one. A model that is found late is told of once.',
    assumes:
      'The catalogue of the deployed version knows the day, `poll` runs on that day, and the registry still has the model. Where the run’s document is gone there is no manifest.',
    proofs: [
      proof(
        'functions/model-endings.test.ts',
        '30 days away is marked with the manifest that replaces it, and told once',
      ),
      proof(
        'functions/model-endings.test.ts',
        'is told of 90, 30 and 7 days before and when it has ended, each once, in a tick a minute or a day',
      ),
      proof(
        'functions/model-endings.test.ts',
        'is told under the same id where the answer got lost, and in the end it is noted',
      ),
    ],
  },
  {
    promise:
      'A cancel ends a run that has no job at once, and reaches Vertex AI also while that cannot say how the job is.',
    proofs: [
      proof('functions/cancel.test.ts', 'ends a run that waits for its data at once'),
      proof('functions/cancel.test.ts', 'reaches Vertex AI also while every look at the job %s'),
    ],
  },
];

export function renderGuarantees(): string {
  return pageText(
    heading('What is promised', '`scripts/docs/guarantees.ts`'),
    'A job costs hours of accelerators, so what happens to an upload must not depend on luck: messages come twice and late, functions die, answers get lost. This page says what holds nevertheless, and which test says so. How it is done is the [protocol](architecture.md#protocol).',
    'For all of it: Cloud Storage and Firestore keep what they have confirmed, a transaction is one, a generation names one content, and the clocks of the functions differ by minutes, not hours.',
    markdownTable(
      ['what is promised', 'as long as', 'what proves it'],
      GUARANTEES.map(({ promise, assumes = '', proofs }) => [
        promise,
        assumes,
        proofs.map(shown).join('<br>'),
      ]),
    ),
    '## What is not promised',
    NOT_PROMISED.map((line) => `- ${line}`).join('\n'),
  );
}

function shown({ file, name }: Proof): string {
  return `[${file.split('/').at(-1)}](../${file}): ${name.replace('%s', '…')}`;
}
