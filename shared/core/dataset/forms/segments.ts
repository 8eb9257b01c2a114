/** Texts in pieces, of which each says whether it is learnt: Axolotl's form without a template. */
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { checkTextValue, checkTurns } from '../formats/fields.ts';
import { type ExampleTurn, textPart, textsOfTurn } from './example.ts';
import { type Form, type FormReading, firstIn, noteUnused, SYSTEM_FIELDS, systemIn } from './form.ts';
import { dialogueTemplateOf, readMarked, withoutFrame } from './templates.ts';

/** `{"segments": [{"label": false, "text": "…"}, {"label": true, "text": "…"}]}`: what is not learnt is asked, and the rest is answered. */
export const SEGMENTS: Form = {
  path: 'segments',
  matches: ({ segments }) => {
    const { label, text } = firstIn(segments);
    return typeof label === 'boolean' && typeof text === 'string';
  },
  read(record, reading) {
    const pieces = checkTurns(record, 'segments', reading.report)?.map((piece, at) =>
      readPiece(piece, `segments[${at}]`, reading),
    );
    const sound = pieces?.filter((piece) => piece !== undefined);
    if (pieces === undefined || sound === undefined || sound.length < pieces.length) return undefined;
    noteUnused(record, ['segments', ...SYSTEM_FIELDS], reading);
    const said = withJoinedPieces(sound);
    const whole = dialogueIn(said);
    const system = [...(systemIn(record, SYSTEM_FIELDS) ?? []), ...(whole?.system ?? [])];
    return { turns: whole?.turns ?? said.map(asTurn), system: system.length > 0 ? system : undefined };
  },
};

interface Piece {
  label: boolean;
  text: string;
}

function readPiece(piece: unknown, path: string, { report, onUnused }: FormReading): Piece | undefined {
  const { label, text, ...rest }: ParsedObject = isObject(piece) ? piece : {};
  if (typeof label !== 'boolean') {
    report(
      'field_wrong_type',
      { expected: 'true or false', type: typeName(label) },
      { path: `${path}.label` },
    );
    return undefined;
  }
  if (!checkTextValue(text, `${path}.text`, report)) return undefined;
  noteUnused(rest, [], { onUnused }, 'segments[].');
  return { label, text };
}

/** Pieces after each other that are both learnt, or both not, are one. */
function withJoinedPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.label === piece.label) last.text += piece.text;
    else joined.push({ ...piece });
  }
  return joined;
}

const asTurn = ({ label, text }: Piece): ExampleTurn => ({
  role: label ? 'model' : 'user',
  parts: [textPart(withoutFrame(text))],
});

/** The dialogue by a template that the pieces make up, where what is learnt are its answers. */
function dialogueIn(pieces: readonly Piece[]): ReturnType<typeof readMarked> {
  const text = pieces.map((piece) => piece.text).join('');
  const template = dialogueTemplateOf(text);
  const dialogue = template === undefined ? undefined : readMarked(text, template);
  const answers = dialogue?.turns.filter(({ role }) => role === 'model').flatMap(textsOfTurn) ?? [];
  const learnt = pieces.filter(({ label }) => label);
  const areSame =
    answers.length === learnt.length && answers.every((one, at) => learnt[at]?.text.includes(one));
  return areSame ? dialogue : undefined;
}
