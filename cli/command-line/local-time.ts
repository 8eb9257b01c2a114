/** Times of documents are UTC; on a terminal they are the reader's. */

const UTC_TIMES = /\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z| \d\d:\d\d:\d\d UTC)/g;

/** `2026-11-30 14:35:10 GMT+1` in the zone of the reader; a text that is no time stays as it is. */
export function localTime(time: string, zone?: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  return `${localMinute(time, zone)}:${String(at.getUTCSeconds()).padStart(2, '0')} ${zoneName(at, zone)}`;
}

/** `2026-11-30 14:35`. */
export function localMinute(time: string, zone?: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const options = { dateStyle: 'short', timeStyle: 'short', timeZone: zone } as const;
  // Sweden writes times as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', options).format(at);
}

/** A sentence of a document with its times in the zone of the reader. */
export function inLocalTimes(text: string, zone?: string): string {
  return text.replace(UTC_TIMES, (time) => localTime(time.replace(' UTC', 'Z').replace(' ', 'T'), zone));
}

function zoneName(at: Date, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}
