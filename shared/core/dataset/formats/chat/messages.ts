/** The messages of a conversation, each for itself. */
import { speakerFound } from '../../../issues/speakers.ts';
import { isObject, type ParsedObject, typeName } from '../../../json/values.ts';
import type { Reporter } from '../../lines/reporter.ts';
import { checkPresent, checkTextValue } from '../fields.ts';
import { isEmptyInPython, type OtherTypes } from './other-types.ts';

export type Author = 'user' | 'assistant';

/** A sound message, with whatever else its object has. */
export type ChatMessage = { author: Author; content: string };

export const KNOWN_IN_MESSAGE = ['author', 'content'] as const;

/** The words for who speaks. */
export const AUTHORS_OF_GUIDE = { user: 'user', model: 'assistant' } as const;

export interface MessageChecker {
  /** The messages, when there are any and all are sound; reports what is wrong with each. */
  check(list: readonly unknown[]): ChatMessage[] | undefined;
  /** Counts so many messages that are known to be sound. */
  addSound(messages: number): void;
  /** `author` fields so far. */
  readonly authors: number;
}

/** Makes the checker of one data set; a content that is no text and is accepted is written as its JSON into the message. */
export function createMessageChecker(report: Reporter, otherTypes: OtherTypes): MessageChecker {
  let authors = 0;

  function isSound(value: unknown, index: number): boolean {
    const path = `messages[${index}]`;
    if (!isObject(value)) {
      const fields = { expected: 'an object with "author" and "content"', type: typeName(value) };
      report('field_wrong_type', fields, { path });
      return false;
    }
    if (value.author !== undefined) authors += 1;
    const isAuthorFine = isAuthor(value.author) || reportAuthor(value, path);
    return isContentFine(value, `${path}.content`) && isAuthorFine;
  }

  function reportAuthor(message: ParsedObject, messagePath: string): false {
    const path = `${messagePath}.author`;
    const { author } = message;
    if (author === undefined) checkPresent(message, 'author', report, path);
    else if (typeof author !== 'string' || author === '') checkTextValue(author, path, report);
    else report('author_unknown', speakerFound(author, AUTHORS_OF_GUIDE), { path });
    return false;
  }

  function isContentFine(message: ParsedObject, path: string): boolean {
    const { content } = message;
    if (content === undefined && !checkPresent(message, 'content', report, path)) return false;
    if (typeof content === 'string' || isEmptyInPython(content)) return checkTextValue(content, path, report);
    message.content = otherTypes.accept(content, path);
    return true;
  }

  return {
    check(list) {
      let areSound = list.length > 0;
      for (let index = 0; index < list.length; index++) {
        if (!isSound(list[index], index)) areSound = false;
      }
      return areSound ? (list as ChatMessage[]) : undefined;
    },
    addSound(messages) {
      authors += messages;
    },
    get authors() {
      return authors;
    },
  };
}

const isAuthor = (value: unknown): value is Author => value === 'user' || value === 'assistant';
