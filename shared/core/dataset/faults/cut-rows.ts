/** Rows as the viewer of a hub hands them out: `{"row_idx", "row": {…}, "truncated_cells": ["output"]}`. */
import { isObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

/** Whether a row says that cells of it are cut. */
export const hasCutCells = ({ bytes }: Pick<Beginning, 'bytes'>): boolean =>
  bytes.includes('"truncated_cells"') && /"truncated_cells"\s*:\s*\[\s*"/.test(bytes.toString('latin1'));

/** The same of a record. */
export const isCutRow = (record: unknown): boolean =>
  isObject(record) && Array.isArray(record.truncated_cells) && record.truncated_cells.length > 0;
