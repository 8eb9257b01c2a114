/** Ours: what an export spoils is spoilt from the beginning on, so that so many lines show it and the others cost nothing. */
export const ODD_TEXT_LINES = 10_000;

/** What a program can have made of a text, as a reader sees it. */
export const ODD_TEXTS = {
  replacement: {
    found: 'the replacement character U+FFFD',
    remedy:
      'Read the data again with the encoding that it was written in; what stands there is lost in this file.',
  },
  mojibake: {
    found: 'letters such as "â€™" or "Ã©", which UTF-8 shows when it is read as Windows-1252',
    remedy: 'Read the data as UTF-8, or repair it: in Python text.encode("cp1252").decode("utf-8").',
  },
  html_entity: {
    found: 'an HTML entity such as &amp;',
    remedy:
      'Where the text is HTML, or speaks of it, leave it. Else write the character itself: in Python html.unescape(text).',
  },
  literal_newline: {
    found: 'a backslash and the letter n, and no line feed',
    remedy: 'Write a line feed as \\n in JSON, not as \\\\n.',
  },
  placeholder: {
    found: 'a text that programs write where they have nothing, such as "nan", "None" or "[deleted]"',
    remedy: 'Write the answer, or remove the example. Where the word itself is meant, leave it.',
  },
  thought: {
    found:
      'what a model thought before its answer, between <think> and </think>, or other such marks, in a text',
    remedy:
      'Leave it where the tuned model shall write its thoughts so. Else take it out: in Python re.sub(r"<think>.*?</think>\\s*", "", text, flags=re.DOTALL).',
  },
  template_mark: {
    found:
      'marks that the template of another model writes, such as <|endoftext|>, [INST] or "Human:" in its own paragraph',
    remedy:
      'Leave them out of the texts: who speaks stands in fields of its own, and the service writes the marks of the model that is tuned.',
  },
} as const;

/** A kind of spoilt text. */
export type OddText = keyof typeof ODD_TEXTS;
