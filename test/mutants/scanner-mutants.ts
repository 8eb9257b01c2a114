import type { Mutant } from './mutants.ts';

const THERE = { threat: 'scan', test: 'test/core/scanned-lines.test.ts' } as const;

/** Lines that are counted without being read, counted otherwise than the plain reader does. */
export const SCANNER_MUTANTS: readonly Mutant[] = [
  {
    ...{ ...THERE, what: 'texts of turns are hashed without their ends' },
    file: 'shared/core/dataset/scan/turns.ts',
    from: 'texts.mark(mark);',
    to: '',
  },
  {
    ...{ ...THERE, what: 'any system instruction is the one of the lines before' },
    file: 'shared/core/dataset/scan/sharing.ts',
    from: 'if (shared.system === undefined) return true;',
    to: 'if (shared) return true;',
  },
  {
    ...{ ...THERE, what: 'a line over the limit is not read' },
    file: 'shared/core/dataset/scan/turns.ts',
    from: 'bytesOf(shape.output, first) <= maxInputTokens',
    to: 'bytesOf(shape.output, first) >= 0',
  },
  {
    ...{ ...THERE, what: 'what a turn has besides is passed over' },
    file: 'shared/core/dataset/scan/layouts.ts',
    from: 'line.keys !== 1 + keysOfTurn * turns.length + ofSystem',
    to: 'line.keys < 1',
  },
  {
    ...{ ...THERE, what: 'a system message in the middle is one of the turns' },
    file: 'shared/core/dataset/scan/layouts.ts',
    from: "said.some(({ speaker }) => speaker === 'system') || ",
    to: '',
  },
  {
    ...{ ...THERE, what: 'the shape of a line with a fault is learned' },
    file: 'shared/core/dataset/scan/proved-lines.ts',
    from: 'return isFaultless && shapes.learn(line);',
    to: 'return (isFaultless || true) && shapes.learn(line);',
  },
  {
    ...{ ...THERE, what: 'an empty paragraph is any text' },
    file: 'shared/core/dataset/scan/tokens.ts',
    from: "source === EMPTY && role !== 'kept' ? 'fixed' : role",
    to: "source === EMPTY && role !== 'kept' ? 'kept' : role",
  },
  {
    ...{ ...THERE, what: 'the half of a line at the end of a piece is forgotten' },
    file: 'shared/core/dataset/scan/room.ts',
    from: 'bytes.copyWithin(room, room + last + 1, room + filled);',
    to: 'held = 0;',
  },
  {
    ...{ ...THERE, what: 'any bytes are UTF-8' },
    file: 'shared/core/dataset/scan/wasm/scan.ts',
    from: 'if (v128.any_true(mistakes)) return false;',
    to: '',
  },
  {
    ...{ ...THERE, what: 'a character may be cut short where a block ends' },
    file: 'shared/core/dataset/scan/wasm/scan.ts',
    from: 'if (!isAscii || !isAfterAscii) {',
    to: 'if (!isAscii) {',
  },
  {
    ...{ ...THERE, what: 'what follows a character that was cut short is passed over' },
    file: 'shared/core/dataset/scan/wasm/scan.ts',
    from: 'if (visible && isAfterAscii) {',
    to: 'if (visible) {',
  },
  {
    ...{ ...THERE, what: 'only the first place of sixteen may begin a mark' },
    ...{ test: 'test/core/scanned-marks.test.ts', file: 'shared/core/dataset/scan/wasm/marks.ts' },
    from: 'places &= places - 1;',
    to: 'places = 0;',
  },
  {
    ...{ ...THERE, what: 'a mark of two bytes has nothing behind it' },
    ...{ test: 'test/core/scanned-marks.test.ts', file: 'shared/core/dataset/scan/marks.ts' },
    from: '(byte & (mask[table] ?? 0))',
    to: '(byte & (mask[table] ?? 0xff))',
  },
  {
    ...{ ...THERE, what: 'a line that was proved has no odd text' },
    ...{ test: 'test/core/odd-texts.test.ts', file: 'shared/core/dataset/jsonl/odd-texts.ts' },
    from: 'if (progress.line > ODD_TEXT_LINES || !line.mayHoldMark()) return;',
    to: 'if (line.mayHoldMark() !== undefined) return;',
  },
  {
    ...{ ...THERE, what: 'a text is written as it stands, however that is' },
    ...{ test: 'test/core/written-lines.test.ts', file: 'shared/core/dataset/scan/wasm/scan.ts' },
    from: 'if (letter === 0x75 || letter === 0x2f) isWrittenOtherwise = true;',
    to: '',
  },
  {
    ...{ ...THERE, what: 'any conversion only moves texts' },
    ...{ test: 'test/core/written-lines.test.ts', file: 'shared/core/dataset/scan/written-lines.ts' },
    from: '=== own ? template : undefined;',
    to: '!== own ? template : template;',
  },
  {
    ...{ ...THERE, what: 'what nobody reads may be empty' },
    file: 'shared/core/dataset/scan/wasm/scan.ts',
    from: 'if (kind === FILLED) return textBytes > 0;',
    to: 'if (kind === FILLED) return true;',
  },
  {
    ...{ ...THERE, what: 'what nobody reads may be null' },
    file: 'shared/core/dataset/scan/wasm/scan.ts',
    from: '(kind === PRESENT && isNull()) || ',
    to: '',
  },
];
