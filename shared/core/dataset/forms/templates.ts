/** The marks of each template, and the strict reading of a dialogue by them. */

import { TEMPLATE_NAMES, type TemplateName } from '../../issues/templates.ts';
import { type ExampleTurn, textPart } from './example.ts';
import { isQuoteOpen, leadsOn } from './quoted.ts';

/** Whose words follow a mark; `more` is another paragraph of what the user says, and `result` what a function answers, with its mark. */
type Said = 'system' | 'user' | 'more' | 'model' | 'thought' | 'result';

interface Template {
  marks: Readonly<Record<string, Said>>;
  /** What a mark stands behind: anything, anything but a quote, white space, a line end, or a blank line. */
  behind: 'any' | 'unquoted' | 'space' | 'line' | 'paragraph';
  /** What ends each turn; the last may do without. */
  end?: string;
  /** Whether text before the first mark is a system instruction; else there is none. */
  hasPreamble?: true;
  /** Whether a text has one question and its answer, and no more. */
  isSingle?: true;
  /** What no turn has: then the text goes by another template, or it cannot be told which words are marks. */
  never?: RegExp;
}

const header = (role: string) => `<|start_header_id|>${role}<|end_header_id|>`;
const header4 = (role: string) => `<|header_start|>${role}<|header_end|>`;
const harmony = (role: string) => `<|start|>${role}<|message|>`;
const command = (role: string) => `<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>`;

/** Words that begin what somebody says, in any script, and the second of several answers to choose from. */
const OTHER_SPEAKER =
  /^[ \t]*(?:Human|Assistant|User|Bot|AI|Customer|Agent|System|Q|A|Question|Answer|[B-D]):/m;

/** Who speaks stands at the beginning of a line; colons of East Asia count, too. */
function script(user: string, model: string, system = 'System'): Template {
  const marks = (name: string, said: Said) => ({ [`${name}:`]: said, [`${name}：`]: said });
  return {
    marks: { ...marks(system, 'system'), ...marks(user, 'user'), ...marks(model, 'model') },
    behind: 'line',
    never: OTHER_SPEAKER,
  };
}

/** A text is of the first that fits, so that those with the more telling marks come first. */
const TEMPLATES: Readonly<Record<TemplateName, Template>> = {
  text_inst: {
    marks: { '[INST]': 'user', '[/INST]': 'model' },
    behind: 'any',
    never: /<<\/?SYS>>|\[\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]/,
  },
  text_chatml: {
    marks: {
      '<|im_start|>system\n': 'system',
      '<|im_start|>user\n': 'user',
      '<|im_start|>assistant\n': 'model',
    },
    behind: 'any',
    end: '<|im_end|>',
    never: /<\|im_(?:start|end)\|>/,
  },
  text_llama3: {
    marks: { [header('system')]: 'system', [header('user')]: 'user', [header('assistant')]: 'model' },
    behind: 'any',
    end: '<|eot_id|>',
    never: /<\|(?:start_header_id|eot_id|eom_id|python_tag)\|>/,
  },
  text_gemma: {
    marks: { '<start_of_turn>user\n': 'user', '<start_of_turn>model\n': 'model' },
    behind: 'any',
    end: '<end_of_turn>',
    never: /<(?:start|end)_of_turn>/,
  },
  text_harmony: {
    marks: {
      ...{ [harmony('system')]: 'system', [harmony('developer')]: 'system', [harmony('user')]: 'user' },
      ...{ [harmony('assistant<|channel|>analysis')]: 'thought', [harmony('assistant')]: 'model' },
      [harmony('assistant<|channel|>final')]: 'model',
    },
    behind: 'any',
    never: /<\|(?:start|channel|message|constrain|call)\|>/,
  },
  text_zephyr: {
    marks: { '<|system|>': 'system', '<|user|>': 'user', '<|assistant|>': 'model' },
    behind: 'any',
  },
  text_deepseek: {
    marks: { '<｜User｜>': 'user', '<｜Assistant｜>': 'model' },
    behind: 'any',
    hasPreamble: true,
    never: /<｜[^｜<>]{1,40}｜>/,
  },
  text_command_r: {
    marks: { [command('SYSTEM')]: 'system', [command('USER')]: 'user', [command('CHATBOT')]: 'model' },
    behind: 'any',
    end: '<|END_OF_TURN_TOKEN|>',
    never: /<\|[A-Z_]{1,40}_TOKEN\|>/,
  },
  text_llama4: {
    marks: { [header4('system')]: 'system', [header4('user')]: 'user', [header4('assistant')]: 'model' },
    behind: 'any',
    end: '<|eot|>',
    never: /<\|(?:header_start|eot|eom|python_start)\|>/,
  },
  text_phi4: {
    marks: {
      '<|im_start|>system<|im_sep|>': 'system',
      '<|im_start|>user<|im_sep|>': 'user',
      '<|im_start|>assistant<|im_sep|>': 'model',
    },
    behind: 'any',
    end: '<|im_end|>',
    never: /<\|im_(?:start|sep|end)\|>/,
  },
  text_together: { marks: { '<human>:': 'user', '<bot>:': 'model' }, behind: 'unquoted' },
  text_guanaco: { marks: { '### Human:': 'user', '### Assistant:': 'model' }, behind: 'unquoted' },
  text_alpaca: {
    marks: { '### Instruction:': 'user', '### Input:': 'more', '### Response:': 'model' },
    behind: 'line',
    hasPreamble: true,
    isSingle: true,
  },
  text_alpaca_ja: {
    marks: { '### 指示:': 'user', '### 入力:': 'more', '### 応答:': 'model' },
    behind: 'line',
    hasPreamble: true,
    isSingle: true,
  },
  text_paragraphs: {
    marks: { 'Human:': 'user', 'Assistant:': 'model' },
    behind: 'paragraph',
    hasPreamble: true,
    never: /^(?:Human|Assistant):/m,
  },
  text_vicuna: {
    // The last one is Glaive's.
    marks: { 'USER:': 'user', 'ASSISTANT:': 'model', 'FUNCTION RESPONSE:': 'result' },
    behind: 'space',
    hasPreamble: true,
  },
  text_user_assistant: script('User', 'Assistant'),
  text_human_assistant: script('Human', 'Assistant'),
  text_user_bot: script('User', 'Bot'),
  text_user_ai: script('User', 'AI'),
  text_human_ai: script('Human', 'AI'),
  text_customer_agent: script('Customer', 'Agent'),
  text_q_a: script('Q', 'A'),
  text_question_answer: script('Question', 'Answer'),
  text_user_assistant_small: script('user', 'assistant', 'system'),
  text_human_assistant_small: script('human', 'assistant', 'system'),
  text_frage_antwort: script('Frage', 'Antwort'),
  text_pregunta_respuesta: script('Pregunta', 'Respuesta'),
  text_usuario_asistente: script('Usuario', 'Asistente', 'Sistema'),
  text_ja_user_assistant: script('ユーザー', 'アシスタント', 'システム'),
  text_ja_order_answer: script('指示', '応答', 'システム'),
  text_ja_question_answer: script('質問', '回答', 'システム'),
  text_zh_user_assistant: script('用户', '助手', '系统'),
  text_zh_q_a: script('问', '答', '系统'),
  text_ko_question_answer: script('질문', '답변', '시스템'),
};

const BEHIND: Readonly<Record<Template['behind'], string>> = {
  any: '',
  unquoted: '(?<![`\'"“‘«])',
  line: '(?:^|(?<=\\n))',
  paragraph: '(?:^|(?<=\\n\\r?\\n))',
  space: '(?:^|(?<=[\\s>]))',
};

/** Marks of the beginning and the end of a whole text, or of a round in it. */
const STARTS = ['<s>', '<bos>', '<|begin_of_text|>', '<｜begin▁of▁sentence｜>', '<BOS_TOKEN>'];
const ENDS = [
  ...[...STARTS, '</s>', '<eos>', '<|end|>', '<|return|>', '<|endoftext|>', '<|end_of_text|>'],
  ...['<｜end▁of▁sentence｜>', '<EOS_TOKEN>'],
];
const BEGINNING = new RegExp(`^(?:\\s|${STARTS.map(asPattern).join('|')})+`);
const IN_FRAME = new RegExp(ENDS.map(asPattern).join('|'));

/** A text without its frame. From its end backwards, since a pattern would be tried at every space within. */
export function withoutFrame(text: string): string {
  let rest = text.replace(BEGINNING, '').trimEnd();
  for (let end = endOf(rest); end !== undefined; end = endOf(rest)) {
    rest = rest.slice(0, -end.length).trimEnd();
  }
  return rest;
}

const endOf = (text: string) => ENDS.find((mark) => text.endsWith(mark));

function asPattern(text: string): string {
  return text.replaceAll(/[|[\]/\\^$.*+?()]/g, '\\$&').replaceAll('\n', '\\r?\\n');
}

const PATTERNS = Object.fromEntries(
  Object.entries(TEMPLATES).map(([name, { marks, behind }]) => {
    const of = (...whose: Said[]) =>
      `${BEHIND[behind]}(${Object.keys(marks)
        .filter((mark) => whose.includes(marks[mark] as Said))
        .map(asPattern)
        .join('|')})`;
    return [
      name,
      {
        mark: new RegExp(of(...new Set(Object.values(marks)))),
        user: new RegExp(of('user')),
        model: new RegExp(of('model')),
        open: new RegExp(`${of('model')}\\s*$`),
      },
    ];
  }),
) as Readonly<Record<TemplateName, Record<'mark' | 'user' | 'model' | 'open', RegExp>>>;

/** Whether a text seems to go by a template: it has the marks of both who speak, begins with one, and does not end where an answer is asked for. */
export function seemsMarked(text: string, name: TemplateName): boolean {
  const { mark, user, model, open } = PATTERNS[name];
  const begun = withoutFrame(text);
  if (!user.test(begun) || !model.test(begun) || open.test(begun)) return false;
  return TEMPLATES[name].hasPreamble === true || begun.search(mark) === 0;
}

/** The template that a text seems to go by. */
export const dialogueTemplateOf = (text: string): TemplateName | undefined =>
  TEMPLATE_NAMES.find((name) => seemsMarked(text, name));

export interface MarkedDialogue {
  system: string[];
  turns: ExampleTurn[];
  hasThoughts?: true | undefined;
}

/**
 * The dialogue in a text; undefined where it does not go by the template from end to end: user and model by turns, each with a text, and
 * no mark that seems to be quoted.
 */
export function readMarked(text: string, name: TemplateName): MarkedDialogue | undefined {
  const template = TEMPLATES[name];
  if (hasQuotedMarks(text, name)) return undefined;
  const [before = '', ...pieces] = withoutFrame(text).split(PATTERNS[name].mark);
  const preamble = withoutFrame(before);
  if (preamble !== '' && !template.hasPreamble) return undefined;
  const system = preamble === '' ? [] : [preamble];
  const dialogue: MarkedDialogue = { system, turns: [] };
  const { turns } = dialogue;
  for (let at = 0; at < pieces.length; at += 2) {
    const mark = pieces[at]?.replaceAll('\r', '') ?? '';
    const whose = template.marks[mark];
    const isLast = at + 2 === pieces.length;
    const said = withoutEnd(pieces[at + 1] ?? '', template, { isFirst: turns.length === 0, isLast });
    if (said === undefined || whose === undefined) return undefined;
    const isItsTurn =
      whose === 'result' ? addSaid(dialogue, 'user', `${mark} ${said}`) : addSaid(dialogue, whose, said);
    if (!isItsTurn) return undefined;
  }
  return turns.length > 0 ? dialogue : undefined;
}

/** Whether the marks are such as people may write in what is said, too. */
export const areMarksWords = (name: TemplateName): boolean => TEMPLATES[name].behind !== 'any';

/** Whether a mark that is made of words stands where somebody quotes it. */
export function hasQuotedMarks(text: string, name: TemplateName): boolean {
  const template = TEMPLATES[name];
  if (!areMarksWords(name)) return false;
  const pieces = withoutFrame(text).split(PATTERNS[name].mark);
  const whose = (at: number) => template.marks[pieces[at]?.replaceAll('\r', '') ?? ''];
  const users = new Set(pieces.flatMap((_piece, at) => (whose(at) === 'user' ? at : [])).slice(1));
  if (template.isSingle && users.size > 0) return true;
  return pieces.some((said, at) => {
    const next = at % 2 === 0 ? whose(at + 1) : undefined;
    return next !== undefined && (isQuoteOpen(said) || (users.has(at + 1) && leadsOn(said)));
  });
}

/** What is said behind a mark, without what ends it; undefined where that is missing, or something of a template is left. */
function withoutEnd(
  segment: string,
  { end, never }: Template,
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
): string | undefined {
  const written = withoutFrame(segment);
  const isEnded = end === undefined || written.endsWith(end);
  if (!isEnded && !isLast) return undefined;
  const said = withoutFrame(end !== undefined && isEnded ? written.slice(0, -end.length) : written);
  const rest = isFirst ? said.replace(SYSTEM_INSIDE, '') : said;
  return IN_FRAME.test(said) || never?.test(rest) ? undefined : said;
}

/** Llama 2 has the system instruction in what the user says first. */
const SYSTEM_INSIDE = /^<<SYS>>([\s\S]*?)<<\/SYS>>/;

/** Adds what is said; false where it is not its turn. */
function addSaid(dialogue: MarkedDialogue, whose: Exclude<Said, 'result'>, text: string): boolean {
  const { system, turns } = dialogue;
  const last = turns.at(-1);
  if (whose === 'thought') {
    dialogue.hasThoughts = true;
    return last?.role === 'user';
  }
  if (whose === 'system') {
    if (text !== '') system.push(text);
    return last === undefined;
  }
  if (whose === 'more') {
    const isThere = last?.role === 'user' && text !== '';
    if (isThere) turns[turns.length - 1] = { ...last, parts: [...last.parts, textPart(text)] };
    return last?.role === 'user';
  }
  const inside = last === undefined ? SYSTEM_INSIDE.exec(text) : null;
  if (inside?.[1]?.trim()) system.push(inside[1].trim());
  const said = inside ? text.slice(inside[0].length).trim() : text;
  turns.push({ role: whose, parts: [textPart(said)] });
  return said !== '' && whose === (last?.role === 'user' ? 'model' : 'user');
}
