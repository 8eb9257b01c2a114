/** An instant as the API writes it: RFC 3339, in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** The same for an instant that may not have come. */
export const isoTimeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : isoTime(ms);
