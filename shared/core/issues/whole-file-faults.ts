/** The lines between the bars and the signs of equality are what both sides were before. */
export const RESOLVE_CONFLICT =
  "Resolve the conflict: which side is right, nobody else knows. Take the lines of the other side out, and the marks. Where both are to stay, since each added examples of its own: sed '/^<<<<<<< /d; /^|||||||/,/^=======[[:space:]]*$/d; /^=======[[:space:]]*$/d; /^>>>>>>> /d' FILE > fixed.jsonl";

/**
 * What a file can be in place of lines of JSON, or of labels: one fault of the whole file, however many lines it has.
 * FILE stands for the file's name; what is written into fixed.jsonl is to be uploaded in its place.
 */
export const WHOLE_FILE_FAULTS = {
  parquet: {
    found: 'a Parquet file',
    remedy: `Write its rows as lines of JSON: ${pandas('read_parquet')}`,
  },
  arrow: {
    found: 'an Arrow or Feather file',
    remedy: `Write its rows as lines of JSON: ${pandas('read_feather')}`,
  },
  xlsx: {
    found: 'an Excel workbook',
    remedy: `Name the columns as the fields of the examples, and write the rows as lines of JSON: ${pandas('read_excel')}`,
  },
  pdf: { found: 'a PDF document', remedy: 'Upload the examples, one JSON object a line.' },
  tar: {
    found: 'an archive (tar), in which files lie behind one another',
    remedy:
      'Where one file is in it: tar -xOf FILE > fixed.jsonl. Else unpack it, and name the file that has the examples.',
  },
  sqlite: { found: 'an SQLite database', remedy: 'Export the examples, one JSON object a line.' },
  rich_text: {
    found: 'a document of a word processor (RTF)',
    remedy: 'Save it as plain text, in TextEdit with Format, Make Plain Text, and upload that.',
  },
  binary: { found: 'binary data', remedy: 'Export the examples as text, one JSON object a line.' },
  lfs_pointer: {
    found: 'a pointer of Git LFS, without the data that it stands for',
    remedy: 'Run: git lfs pull. Then upload the file again.',
  },
  html: {
    found: 'a web page, perhaps an error page or a sign-in',
    remedy: 'Download the data itself: open its address in a browser, and sign in where it asks for that.',
  },
  xml: {
    found: 'the error of a storage service (XML) in place of the data',
    remedy: 'Read what it says, and download the data again, as somebody who may read it.',
  },
  xml_data: {
    found: 'XML',
    remedy: `If an element with a part for each field is an example: python3 -c "import json, re, xml.etree.ElementTree as tree; text = open('FILE', encoding='utf-8').read(); all = list(tree.fromstring('<all>' + text[re.search('<[A-Za-z_]', text).start():] + '</all>').iter()); rows = [one for one in all if len({part.tag for part in one}) > 1 and not any(map(len, one))] or [one for one in all if len(one.attrib) > 1]; [print(json.dumps(dict(one.attrib, **{part.tag.split('}')[-1]: ''.join(part.itertext()).strip() for part in one}), ensure_ascii=False)) for one in rows]" > fixed.jsonl. Else write each example as JSON on its own line.`,
  },
  markdown_fence: {
    found: 'a code block of Markdown around the examples',
    remedy: "Keep what is inside: sed -n '/^```/,/^```/{/^```/!p}' FILE > fixed.jsonl",
  },
  merge_conflict: {
    found: 'the marks of a merge conflict of Git',
    remedy: RESOLVE_CONFLICT,
  },
  server_sent_events: {
    found: 'server-sent events, with "data:" before each object',
    remedy: "Keep the objects: sed -n 's/^data: *//p' FILE | grep -v '^\\[DONE\\]' > fixed.jsonl",
  },
  csv: { found: 'a table with commas between its columns (CSV)', remedy: fromTable(',') },
  csv_semicolon: { found: 'a table with semicolons between its columns', remedy: fromTable(';') },
  csv_pipe: { found: 'a table with vertical bars between its columns', remedy: fromTable('|') },
  tsv: { found: 'a table with tabs between its columns (TSV)', remedy: fromTable('\\t') },
  error_answer: {
    found: 'the answer of a service that gave an error in place of the data, which the file holds',
    remedy:
      'Read what it says: "message" or "error" in the file. Then download the data again, signed in as somebody who may read it.',
  },
  objects_in_table: {
    found: 'a table (CSV) with one column, in which each cell is the JSON of an example',
    remedy: `Write the cells as lines: python3 -c "import csv, json; csv.field_size_limit(2**31-1); [print(json.dumps(json.loads(row[0]), ensure_ascii=False)) for row in list(csv.reader(open('FILE', newline='', encoding='utf-8-sig')))[1:] if row]" > fixed.jsonl`,
  },
  table_of_returns: {
    found: 'a table whose rows end with a carriage return alone, as old programs of the Mac write it',
    remedy: `With the delimiter that it has: ${fromTable(',')}`,
  },
  double_encoded: {
    found: 'examples that were made JSON twice or more: each line is a text with an object inside',
    remedy:
      'Undo that: jq -c \'until(type != "string"; fromjson)\' FILE > fixed.jsonl. In Python call json.dumps once an example.',
  },
  turns_alone: {
    found: 'a list of messages on each line, without the object of an example around it',
    remedy:
      "Give each list its name: jq -c 'if .[0].parts then {contents: .} else {messages: .} end' FILE > fixed.jsonl",
  },
  turns_in_list: {
    found: 'a list of lists of messages, without the objects of examples around them',
    remedy:
      "Give each list its name, on a line of its own: jq -c '.[] | if .[0].parts then {contents: .} else {messages: .} end' FILE > fixed.jsonl",
  },
  lists_as_text: {
    found: 'lists that were made a text: the JSON of the turns stands in quotes',
    remedy:
      'Undo that: jq -c \'with_entries(if (.value | type) == "string" and (.value | startswith("[")) then .value = (.value | (fromjson? // .)) else . end)\' FILE > fixed.jsonl. In Python call json.dumps once an example.',
  },
  lists_as_python: {
    found: 'lists that were made a text: what Python shows of the turns stands in quotes, str(messages)',
    remedy: `Undo that: python3 -c "import ast, json; [print(json.dumps({name: ast.literal_eval(value) if isinstance(value, str) and name in ('messages', 'contents', 'conversations', 'conversation', 'dialog', 'prompt', 'chosen', 'rejected') and value.lstrip().startswith('[') else value for name, value in json.loads(line).items()}, ensure_ascii=False)) for line in open('FILE', encoding='utf-8') if line.strip()]" > fixed.jsonl`,
  },
  comma_after_line: {
    found: 'a comma after each example',
    remedy: "Remove the commas at the ends of the lines: sed 's/,[[:space:]]*$//' FILE > fixed.jsonl",
  },
  numbered_lines: {
    found: 'a number or a bullet before each example',
    remedy:
      "Remove what stands before the objects: sed -E 's/^[[:space:]]*([0-9]+[.):]?|[-*])[[:space:]]*//' FILE > fixed.jsonl",
  },
  log_lines: {
    found: 'other text before or behind each object, such as the date and the level of a log',
    remedy: "Keep the objects: sed -E 's/^([^{]|[{][^{\"[:space:]])*//; s/[^}]*$//' FILE > fixed.jsonl",
  },
  code_list: {
    found: 'code around the examples, such as a list that has a name',
    remedy: `Keep the list alone: python3 -c 'import re; text = open("FILE", encoding="utf-8").read(); begin = re.search(r"(?:=|\\(|default|return)\\s*(?=[\\[{])", text).end(); print(text[begin : max(text.rfind("]"), text.rfind("}")) + 1])' > fixed.jsonl. If it is said to be no JSON then, do as that says.`,
  },
  comments: {
    found: 'comments among the examples, which JSON does not have',
    remedy: `Take them out: python3 -c 'import re; print(re.sub(r"(?m)(\\x22(?:[^\\x22\\\\]|\\\\[\\s\\S])*\\x22)|(?<![:\\w])(?://[^\\n]*|/[*][\\s\\S]*?[*]/)|^[ \\t]*#[^\\n]*", lambda found: found[1] or "", open("FILE", encoding="utf-8").read()))' > fixed.jsonl. If it is said to be no JSON then, do as that says.`,
  },
  python_literals: {
    found:
      'objects as Python shows them, with single quotes, True or None: str(example) in place of json.dumps',
    remedy: `Write them as JSON: python3 -c "import ast, json; [print(json.dumps(ast.literal_eval(line.strip()), ensure_ascii=False)) for line in open('FILE', encoding='utf-8') if line.strip()]" > fixed.jsonl`,
  },
  python_list: {
    found: 'a list of objects as Python shows it, with single quotes: str(examples) in place of json.dumps',
    remedy: `Write each of them as JSON: python3 -c "import ast, json; [print(json.dumps(one, ensure_ascii=False)) for one in ast.literal_eval(open('FILE', encoding='utf-8').read().strip())]" > fixed.jsonl`,
  },
  dialogue: {
    found:
      'plain text with who speaks before what is said, without one blank line, and no other, between the dialogues',
    remedy:
      'If each question begins a dialogue of its own, and blank lines and lines of dashes may go: awk \'/^(Q|Question|User|Human|Customer|USER|user|human|Frage|Pregunta|Usuario|ユーザー|指示|質問|用户|问|질문)(:|：)/ && NR > 1 {print ""} NF && !/^[-=*_]+[[:space:]]*$/\' FILE > fixed.jsonl. Else leave a blank line between the dialogues, and take those inside of them out.',
  },
  plain_text: {
    found: 'plain text, in which nothing tells what is asked and what is answered',
    remedy:
      'Write each example with both, in any of the forms of docs/data-forms.md: on a line of its own {"question": "…", "answer": "…"}; in a table with the columns question and answer; or in a text file as "Q: …" and below it "A: …", with a blank line between the examples.',
  },
  html_table: {
    found: 'a table of a web page (HTML)',
    remedy:
      'Open it in a browser, copy the table into a spreadsheet with the columns question and answer, and save that as CSV.',
  },
  sql: {
    found: 'statements of a data base (SQL)',
    remedy:
      'Have the data base write the table itself, with the columns question and answer: in MySQL with mysql --batch -e "SELECT …", in PostgreSQL with \\copy (SELECT …) TO train.csv CSV HEADER, in SQLite with .headers on and .mode csv.',
  },
  latex: {
    found: 'a document of LaTeX',
    remedy:
      'Write what is asked and what is answered into a table with the columns question and answer, and save it as CSV.',
  },
  bibtex: {
    found: 'a bibliography (BibTeX)',
    remedy:
      'Have the program that keeps it write CSV, and call the columns that ask and answer question and answer.',
  },
  toml: {
    found: 'TOML',
    remedy: `Write each example as JSON on its own line: python3 -c "import json, tomllib; [print(json.dumps(one, ensure_ascii=False)) for many in tomllib.load(open('FILE', 'rb')).values() for one in many]" > fixed.jsonl`,
  },
  ini: {
    found: 'settings of a program (INI)',
    remedy: `If each section is an example: python3 -c "import configparser, json; all = configparser.RawConfigParser(strict=False); all.read('FILE', encoding='utf-8'); [print(json.dumps(dict(all[one]), ensure_ascii=False)) for one in all.sections()]" > fixed.jsonl. Else write each example as JSON on its own line.`,
  },
  fasttext: {
    found: 'labels and texts as fastText has them',
    remedy: `If the text is what is asked, and its label what is answered: jq -cR 'capture("^(?<answer>(__label__[^ ]+ +)+)(?<question>.*)$") | {question, answer: (.answer | gsub("__label__"; "") | gsub(" +$"; "") | gsub(" +"; ", "))}' FILE > fixed.jsonl`,
  },
  arff: {
    found: 'a table of Weka (ARFF)',
    remedy: `Write the rows as lines of JSON: python3 -c "import csv, json; lines = [line.strip().replace(chr(9), ' ') for line in open('FILE', encoding='utf-8') if line.strip() and line[0] != '%']; data = [line.lower() for line in lines].index('@data'); read = lambda some, mark: csv.reader(some, delimiter=mark, quotechar=chr(39), escapechar=chr(92), skipinitialspace=True); names = [next(read([line.split(None, 1)[1]], ' '))[0] for line in lines[:data] if line.lower().startswith('@attribute')]; [print(json.dumps(dict(zip(names, row)), ensure_ascii=False)) for row in read(lines[data + 1:], ',')]" > fixed.jsonl`,
  },
  anki: {
    found: 'notes that Anki exported',
    remedy: `If the first field of a note asks, and the second answers: python3 -c "import csv, itertools, json, re; lines = open('FILE', newline='', encoding='utf-8-sig').readlines(); head = list(itertools.takewhile(lambda line: line[0] == '#', lines)); said = dict(line[1:].strip().lower().split(':', 1) for line in head); mark = dict(tab=chr(9), comma=',', semicolon=';', pipe='|', colon=':', space=' ').get(said.get('separator', 'tab'), said.get('separator')); beside = [int(said[name]) for name in said if name.endswith(' column')]; notes = ([cell for at, cell in enumerate(row, 1) if at not in beside] for row in csv.reader(lines[len(head):], delimiter=mark)); [print(json.dumps(dict(zip(('question', 'answer'), note)), ensure_ascii=False)) for note in notes if note]" > fixed.jsonl. Marks of HTML in the texts stay.`,
  },
  telegram: {
    found: 'chats that Telegram exported',
    remedy: `Say who asks, in place of ASKS; each of their messages is answered by what the others say next: jq -c '.. | objects | select(has("messages")) | .messages | map(select(.type == "message") | {role: (if .from == "ASKS" then "user" else "assistant" end), content: (.text | if type == "array" then map(if type == "object" then .text else . end) | add // "" else . end)}) | map(select(.content != "")) | reduce .[] as $one ([]; if length > 0 and .[-1].role == $one.role then .[-1].content += "\\n" + $one.content else . + [$one] end) | . as $said | range(length - 1) | select($said[.].role == "user") | {question: $said[.].content, answer: $said[. + 1].content}' FILE > fixed.jsonl. Then read it through: what belongs to no question, a person sorts out.`,
  },
  chat_log: {
    found: 'an exported chat, with a date and a name before what is said',
    remedy:
      'Say who asks and who answers, in place of ASKS and ANSWERS: awk \'{sub("^[[]?[0-9]+[-./][] -@[]+([AaPp][.]?[Mm][.]?[] -@[]+)?", "")} sub("^ASKS: *", "User: ") && last != "User" {if (NR > 1) print ""; last = "User"} sub("^ANSWERS: *", "Assistant: ") {last = ""} {print}\' FILE > fixed.jsonl. Then read it through: what others say, and what goes on over several messages, a person sorts out.',
  },
  yaml: {
    found: 'YAML',
    remedy: `Write each example as JSON on its own line: python3 -c "import json, yaml; rows = lambda it: it if isinstance(it, list) else [it] if 'messages' in it or any(isinstance(one, str) for one in it.values()) else [row for one in it.values() for row in (one if isinstance(one, list) else [one])]; [print(json.dumps(row, ensure_ascii=False)) for it in yaml.safe_load_all(open('FILE', encoding='utf-8')) for row in rows(it)]" > fixed.jsonl`,
  },
  yaml_object: {
    found: 'YAML, with names at its top and no list of examples',
    remedy: `Write it as JSON first, and check that: what is told then says what to do with it. python3 -c "import json, yaml; print(json.dumps(yaml.safe_load(open('FILE', encoding='utf-8')), ensure_ascii=False))" > fixed.jsonl. The intents of Rasa in lines of examples: python3 -c "import json, yaml; [print(json.dumps({'question': line[2:], 'answer': one['intent']}, ensure_ascii=False)) for one in yaml.safe_load(open('FILE', encoding='utf-8'))['nlu'] if 'intent' in one for line in one['examples'].splitlines()]" > fixed.jsonl`,
  },
  intents: {
    found: 'intents, each with patterns and responses, in one object',
    remedy:
      "Write each pattern with the first response to it on a line of its own: jq -c '.intents[] | select(.responses != []) | .responses[0] as $answer | .patterns[] | {question: ., answer: $answer}' FILE > fixed.jsonl. To have the intent itself answered, put .tag in place of .responses[0].",
  },
  squad: {
    found: 'SQuAD as it is published: questions under paragraphs, under titles',
    remedy:
      "Write each question with its paragraph on a line of its own: jq -c '.data[].paragraphs[] | .context as $context | .qas[] | select(.answers != []) | {id, context: $context, question, answers: {text: [.answers[].text]}}' FILE > fixed.jsonl",
  },
  columns: {
    found: 'one object that holds columns: under each field a value of every example',
    remedy: `Write a line for each example: python3 -c "import json; columns = json.load(open('FILE', encoding='utf-8')); [print(json.dumps(dict(zip(columns, row)), ensure_ascii=False)) for row in zip(*(list(one.values() if isinstance(one, dict) else one) for one in columns.values()))]" > fixed.jsonl`,
  },
  split_table: {
    found:
      'a table as pandas writes it with orient="split": the names of its columns, and rows without names',
    remedy: `Write a line for each row: python3 -c "import json; table = json.load(open('FILE', encoding='utf-8')); [print(json.dumps(dict(zip(table['columns'], row)), ensure_ascii=False)) for row in table['data']]" > fixed.jsonl`,
  },
  keyed_texts: {
    found: 'one object that has texts under other texts',
    remedy:
      "If each name is what is asked, and its text what is answered: jq -c 'to_entries[] | {question: .key, answer: .value}' FILE > fixed.jsonl",
  },
  lists_in_list: { found: 'a list of lists of texts, without names', remedy: fromLists('.[] | ') },
  lists_on_lines: { found: 'a list of texts on each line, without names', remedy: fromLists('') },
  keyed_rows: {
    found: 'one object that holds the examples under their numbers',
    remedy: "Write each of them on its own line: jq -c '.[]' FILE > fixed.jsonl",
  },
  commas_between_objects: {
    found: 'objects over several lines with commas between them',
    remedy:
      "Make a list of them, then lines: sed '1s/^/[/; $s/,*[[:space:]]*$/]/' FILE | jq -c '.[]' > fixed.jsonl",
  },
  typed_values: {
    found:
      'records of a data base (DynamoDB, Firestore) in which each value is an object that tells its type',
    remedy: `Write the values alone: jq -c 'def plain: if type == "object" and length == 1 then to_entries[0] | if .key == "L" then .value | map(plain) elif .key == "arrayValue" then [.value.values[]? | plain] elif .key == "M" then .value | map_values(plain) elif .key == "mapValue" then .value.fields // {} | map_values(plain) elif .key | IN("NULL", "nullValue") then null else .value end else . end; if type == "array" then .[] else .documents[]? // .Items[]? // . end | .Item // .fields // . | map_values(plain)' FILE > fixed.jsonl`,
  },
  cut_rows: {
    found: 'rows of the viewer of a hub, which cuts long texts: "truncated_cells" names those that are cut',
    remedy:
      'Download the data set itself, which has them whole. To keep the rows alone of which nothing is cut: jq -c \'.. | objects | select(has("truncated_cells") and .truncated_cells == []) | .row\' FILE > fixed.jsonl',
  },
  wrapped_list: {
    found: 'one object that holds the list of examples',
    remedy: "Write each element of the list on its own line: jq -c '.[] | arrays | .[]' FILE > fixed.jsonl",
  },
} as const satisfies Record<string, { found: string; remedy: string }>;

/** A fault that a whole file has. */
export type WholeFileFault = keyof typeof WHOLE_FILE_FAULTS;

function pandas(read: string): string {
  return `python3 -c "import pandas; pandas.${read}('FILE').to_json('fixed.jsonl', orient='records', lines=True, force_ascii=False)"`;
}

function fromLists(each: string): string {
  return `If the first text of each list is what is asked, and the second what is answered (else put their numbers, counted from 0, in place of 0 and 1): jq -c '${each}{question: .[0], answer: .[1]}' FILE > fixed.jsonl`;
}

function fromTable(delimiter: string): string {
  return `Name the columns as the fields of the examples, and write the rows as lines of JSON: python3 -c "import csv, json; [print(json.dumps(row, ensure_ascii=False)) for row in csv.DictReader(open('FILE', newline='', encoding='utf-8-sig'), delimiter='${delimiter}')]" > fixed.jsonl`;
}

/** Encodings that are told apart, by their name in the Encoding Standard, with the name that iconv has for each. */
export const OTHER_ENCODINGS = {
  gbk: { name: 'GBK (Chinese)', iconv: 'GBK' },
  big5: { name: 'Big5 (Chinese)', iconv: 'BIG5' },
  shift_jis: { name: 'Shift-JIS (Japanese)', iconv: 'CP932' },
  'euc-jp': { name: 'EUC-JP (Japanese)', iconv: 'EUC-JP' },
  'euc-kr': { name: 'EUC-KR (Korean)', iconv: 'EUC-KR' },
  'windows-1252': { name: 'Windows-1252 (Western European)', iconv: 'WINDOWS-1252' },
} as const;

export type OtherEncoding = keyof typeof OTHER_ENCODINGS;
