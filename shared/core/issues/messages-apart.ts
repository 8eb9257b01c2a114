/** Files in which each record is one message of a conversation: what each kind is, and the jq that puts its conversations together. */

/** What tells where a message belongs, where a field of its own does. */
export interface MessageFields {
  /** The field that all messages of a conversation share; without it nothing says where one begins. */
  key?: string | undefined;
  speaker: string;
  said: string;
  /** The field with the number of a message in its conversation; without it they are in the order of the file. */
  place?: string | undefined;
}

interface ApartRow {
  found: string;
  /** What has to be true for the command to be right. */
  when: string;
  jq(fields: MessageFields): string;
}

const ALL = '[inputs | if type == "array" then .[] else . end]';
/** Without questions at the end, which nobody answers. */
export const ENDED =
  'until(length == 0 or (.[-1].role | IN("user", "human", "prompter") | not); .[:-1]) | select(length > 1) | {conversation: .}';
/** Messages of the same side after each other are one. */
export const JOINED =
  'reduce .[] as $one ([]; if length > 0 and .[-1].role == $one.role then .[-1].content += "\\n" + $one.content else . + [$one] end)';

export const MESSAGES_APART = {
  tree: {
    found: 'messages of a tree, one a record, each with the message that it answers (as in oasst)',
    when: 'Write each tree as the conversation of its best answers, those with the lowest rank',
    jq: () =>
      `${ALL} | INDEX(group_by(.parent_id)[]; .[0].parent_id // "") as $below | def talk: ., ($below[.message_id // "none"] // [] | sort_by(.rank // 0) | .[:1][] | talk); $below[""][]? | [talk | {role, content: .text}] | ${ENDED}`,
  },
  openai_thread: {
    found: 'messages of OpenAI’s threads, one a record',
    when: 'Write each thread as a conversation',
    jq: () =>
      `${ALL} | group_by(.thread_id)[] | sort_by(.created_at) | map({role, content: [.content[] | .text.value? // empty] | join("\\n")}) | map(select(.content != "")) | ${JOINED} | ${ENDED}`,
  },
  slack: {
    found: 'messages of Slack, one a record',
    when: 'If whoever begins a thread asks, and the others answer, write each thread as a conversation',
    jq: () =>
      `${ALL} | map(select((.text // "") != "" and (.subtype == null or .subtype == "bot_message"))) | group_by(.thread_ts // .ts)[] | sort_by(.ts) | (.[0] | .user // .bot_id) as $asks | map({role: (if (.user // .bot_id) == $asks then "user" else "assistant" end), content: .text}) | ${JOINED} | ${ENDED}`,
  },
  keyed: {
    found: 'messages, one a record, that belong to the same conversation where a field says so',
    when: 'Write the messages of each conversation together',
    jq: ({ key, speaker, said, place }) =>
      `${ALL} | group_by(."${key}")[] | ${place ? `sort_by(."${place}") | ` : ''}map({role: ."${speaker}", content: ."${said}"}) | ${ENDED}`,
  },
  loose: {
    found: 'messages, one a record, and nothing that says which of them belong together',
    when: 'If each message of the user begins a conversation of its own',
    jq: ({ speaker, said }) =>
      `${ALL} | map({role: ."${speaker}", content: ."${said}"}) | foreach (.[], null) as $one ({talk: []}; if $one == null or $one.role == "system" or (($one.role | IN("user", "human")) and .talk[-1].role != "system") then {out: .talk, talk: [$one]} else {talk: (.talk + [$one])} end; .out // empty) | ${ENDED}`,
  },
} as const satisfies Record<string, ApartRow>;

export type MessagesApart = keyof typeof MESSAGES_APART;

/** What puts the conversations of a file together. */
export function remedyOfApart(kind: MessagesApart, fields: MessageFields): string {
  const { when, jq }: ApartRow = MESSAGES_APART[kind];
  return `${when}; questions at the end that nobody answers are left out: jq -cn '${jq(fields)}' FILE > fixed.jsonl`;
}
