/** What somebody might expect, and is not promised. */
export const NOT_PROMISED: readonly string[] = [
  'That no second job of `tuningJobs` is ever made: only that it is told and stopped. Until then it may cost money: 75 minutes at most while `poll` runs, its region can be listed, and no more than three look unwanted at once.',
  'That a job is stopped at once which a function made that slept until its run had ended, and then died and was never asked again: the document names it within a quarter of an hour, and it is stopped an hour later.',
  'That a job is stopped in time by a cancel: Vertex AI may let it succeed first, and the document says so.',
  'That an upload that was replaced or deleted before its event came is tuned, or has a run: its successor has. An event that was lost in the first minute of a new deployment is not found.',
  'That new data after a rejection opens a run where its event is lost, or where it lies in another bucket than the inbox: then the manifest is uploaded again.',
  'That `SUBMITTED` or `RUNNING` are published before a cancel that follows at once: a listener may hear of them after it has asked for the cancel.',
  'That a file in the results bucket is as new as the document at every moment: of a run that goes on it follows a moment later. The file of an end is never older than the document.',
  'That a job over staged data without our labels is told from somebody’s own: it counts as the run’s only when it was made within two hours of it.',
  'That a document which was put back from a backup is brought forward while the functions may not read the results bucket: its `status.json` alone tells that it is old.',
  'Anything while the schedule of `poll` is off: nothing is lost, and nothing goes on but what an event begins.',
  'Anything about two deployments that share an inbox, a results bucket or a database.',
];
