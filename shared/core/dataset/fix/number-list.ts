/** Whole numbers below 2^32, one after the other. Whoever makes it says where they are kept. */
export interface NumberList {
  readonly size: number;
  add(number: number): void;
  /** The number at a place, from 0, below `size`. */
  at(index: number): number;
}
