/** A stretch of numbers, and the round ones in it that an axis is labelled with. */
export interface Axis {
  min: number;
  max: number;
  ticks: number[];
}

export interface AxisOptions {
  /** About so many ticks. */
  count: number;
  /** No tick lies below or above what the quantity can be. */
  floor?: number | undefined;
  ceiling?: number | undefined;
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10] as const;

/** The smallest axis with round ends that holds all values. */
export function axisOf(values: readonly number[], { count, floor, ceiling }: AxisOptions): Axis {
  const [low, high] = rangeOf(values);
  const step = roundStep((high - low) / count);
  const min = Math.max(floor ?? -Infinity, Math.floor(low / step + TOLERANCE) * step);
  const max = Math.min(ceiling ?? Infinity, Math.ceil(high / step - TOLERANCE) * step);
  return { min, max, ticks: ticksBetween(min, max, step) };
}

/** An axis with exactly these ends and round ticks between them. */
export function axisBetween(min: number, max: number, count: number): Axis {
  const end = max > min ? max : min + 1;
  return { min, max: end, ticks: ticksBetween(min, end, roundStep((end - min) / count)) };
}

/** Floating point puts 0.3 / 0.1 a hair under 3. */
const TOLERANCE = 1e-9;

function ticksBetween(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - TOLERANCE);
  const last = Math.floor(max / step + TOLERANCE);
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = ROUND_STEPS.find((round) => round * power >= rough * (1 - TOLERANCE)) ?? 10;
  return factor * power;
}

/** Without the dust of floating point: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** The least and the greatest; a single value gets room around it. */
function rangeOf(values: readonly number[]): [low: number, high: number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) return [0, 1];
  if (high - low > Math.abs(high) * 1e-9) return [low, high];
  const room = Math.abs(high) / 2 || 1;
  return [low - room, high + room];
}
