/** Recognises texts of other programs, by how their lines begin: what a data base, a typesetter or a messenger writes. */
import type { WholeFileFault } from '../../issues/whole-file-faults.ts';
import { isObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';
import { isPage, isXml } from './xml.ts';

interface OtherText {
  fault: WholeFileFault;
  recognise: (beginning: Beginning) => boolean;
}

const LEAST_LINES = 2;

/** The first line is of the kind. */
const begins =
  (pattern: RegExp) =>
  ({ lines: [first = ''] }: Beginning): boolean =>
    pattern.test(first);

/** Most lines are of the kind: a text may go on over several. */
const most =
  (pattern: RegExp) =>
  ({ lines }: Beginning): boolean =>
    lines.length >= LEAST_LINES && lines.filter((line) => pattern.test(line)).length * 2 >= lines.length;

const all =
  (pattern: RegExp) =>
  ({ lines }: Beginning): boolean =>
    lines.length >= LEAST_LINES && lines.every((line) => pattern.test(line));

const SQL_COMMENT = /^(?:--|\/\*|\*\/|#)/;
const SQL_BEGIN =
  /^(?:INSERT|REPLACE) INTO\s|^(?:CREATE|DROP) (?:TABLE|DATABASE|SCHEMA)\s|^(?:SET|USE|PRAGMA|LOCK TABLES|COPY)\s|^(?:BEGIN|START) TRANSACTION|^SELECT pg_catalog/i;
const SQL_DATA = /^INSERT INTO\s.*\bVALUES\b|^COPY\s.*\bFROM stdin|^CREATE TABLE\s|^INSERT INTO\s+\S+/i;

/** Statements from the first line on that is no comment. */
function isSql({ lines }: Beginning): boolean {
  const first = lines.find((line) => !SQL_COMMENT.test(line)) ?? '';
  return SQL_BEGIN.test(first) && lines.some((line) => SQL_DATA.test(line));
}

const TEX = /^\\(?:begin\{|documentclass\b|usepackage\b|section\b|chapter\b)/;

/** A date and a time, and who speaks, as messengers export it. */
const SAID_AT =
  /^\W{0,2}\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?\s(?:at )?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:[AP]\.?M\.?)?\]?\s?(?:[-–:]\s)?[^:{]{1,40}:\s/i;

const SECTION = /^\[[\w .:/-]+\]$/;
const SETTING = /^[\w.-]+\s*[=:]\s*\S/;
const ASSIGNMENT = /^[\w.-]+\s*=\s*\S/;
const REMARK = /^[#;]/;

/** A section and what it holds, or a setting on every line. */
function isIni({ lines }: Beginning): boolean {
  const told = lines.filter((line) => !REMARK.test(line));
  const [first = '', second = ''] = told;
  if (SECTION.test(first) && SETTING.test(second)) return true;
  return told.length > LEAST_LINES && told.every((line) => ASSIGNMENT.test(line));
}

const YAML_ITEM = /^- [\w"'-]+:(?:\s|$)/;
const YAML_KEY = /^[\w"'-]+:(?:\s|$)/;
const YAML_PARENT = /^[\w"'.-]+:\s*$/;

/** A list of mappings, mappings under a name, or one mapping after the other. */
function isYaml({ bytes, lines }: Beginning): boolean {
  const told = lines.filter((line) => !line.startsWith('#') && line !== '---');
  const [first = '', second = ''] = told;
  if (YAML_ITEM.test(first)) return true;
  const isChild = YAML_ITEM.test(second) || YAML_KEY.test(second);
  if (first === '-') return YAML_KEY.test(second);
  if (lines[0] === '---' && YAML_KEY.test(first)) return true;
  // What belongs to a name is indented, or a list.
  return YAML_PARENT.test(first) && isChild && /^[\w"'.-]+:[ \t]*\r?\n(?:[ \t]+\S|- )/m.test(startOf(bytes));
}

/** Names at the beginning of lines, and below them lists or what is indented. */
function isYamlObject({ lines, values }: Beginning): boolean {
  const isPart = (line: string) => /^(?:#|- |---$|"?[\w-]+"?:(?:\s|$))/.test(line) && !line.endsWith(',');
  const parts = lines.filter(isPart);
  const hasList = lines.some((line) => line.startsWith('- '));
  const isBegun = /^[\w-]+:(?:\s|$)/.test(lines.find((line) => !/^(?:#|---$)/.test(line)) ?? '');
  return isBegun && hasList && parts.length * 10 >= lines.length * 9 && !values.some(isObject);
}

const LOOKED_AT = 4096;
const startOf = (bytes: Buffer) => bytes.toString('latin1', 0, LOOKED_AT);

/** What Weka writes; a comment of it begins with a percent sign. */
const isArff = ({ lines }: Beginning) =>
  /^@relation\b/i.test(lines.find((line) => !line.startsWith('%')) ?? '');

/** The first row that recognises the beginning says what the text is. */
export const OTHER_TEXTS: readonly OtherText[] = [
  { fault: 'html_table', recognise: begins(/^<(?:table|thead|tbody|tr)\b/i) },
  { fault: 'html', recognise: begins(/^<(?:div|section|article|main|ul|ol|h[1-6]|script|style|p|span)\b/i) },
  { fault: 'html', recognise: isPage },
  { fault: 'xml_data', recognise: isXml },
  { fault: 'arff', recognise: isArff },
  { fault: 'anki', recognise: begins(/^#(?:separator:\S|html:(?:true|false)$)/i) },
  { fault: 'sql', recognise: isSql },
  { fault: 'latex', recognise: begins(TEX) },
  { fault: 'bibtex', recognise: begins(/^@[A-Za-z]+\s*\{\s*[^,{}"]+,/) },
  { fault: 'toml', recognise: begins(/^\[\[[\w. -]+\]\]$/) },
  { fault: 'ini', recognise: isIni },
  { fault: 'fasttext', recognise: all(/^__label__\S+\s/) },
  { fault: 'chat_log', recognise: most(SAID_AT) },
  { fault: 'yaml', recognise: isYaml },
  { fault: 'yaml_object', recognise: isYamlObject },
];
