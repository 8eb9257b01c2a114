/** Numbers, times and lengths as a person reads them. The same text on every machine: no locale, no time zone but UTC. */
import { formatCount } from '../issues/numbers.ts';

/** A measured value: four significant digits at most. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** A fraction from 0 to 1 as `93.6 %`. */
export function formatPercent(fraction: number): string {
  if (!Number.isFinite(fraction)) return String(fraction);
  return `${Number((fraction * 100).toFixed(1))} %`;
}

/** `149.3 KB`, with 1 KB = 1,024 bytes. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${formatCount(Number((bytes / 1024 ** power).toFixed(1)))} ${units[power]}`;
}

/** `2026-03-01 12:00:00 UTC`; a text that is no time stays as it is. */
export function formatTime(time: string): string {
  const at = parseTime(time);
  if (at === undefined) return time;
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Milliseconds since 1970 of an RFC 3339 time. `Date.parse` alone reads a date into almost any text with a number. */
function parseTime(time: string | undefined): number | undefined {
  const at =
    time !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Milliseconds between two times; undefined unless both are times in this order. */
export function millisecondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  const [start, end] = [parseTime(from), parseTime(to)];
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

/** The two greatest units: `2 h 05 min`, `3 min 20 s`, `2.9 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const units: [size: number, name: string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => whole >= size);
  const [[size, name], [next, nextName]] = [units[first] ?? [1, 's'], units[first + 1] ?? [1, 's']];
  const rest = Math.floor((whole % size) / next);
  return `${Math.floor(whole / size)} ${name}${rest === 0 ? '' : ` ${rest} ${nextName}`}`;
}

/** At most so many characters, the last of them an ellipsis when something was cut. Never halves a character. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** `1 example`, `2 examples`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
