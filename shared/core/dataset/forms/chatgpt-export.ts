/** Conversations as ChatGPT exports them: a tree of messages, in which every edit and every other answer is a branch. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import { type ExamplePart, type ExampleTurn, textPart, withJoinedSides } from './example.ts';
import { type Form, type FormReading, has, objectIn } from './form.ts';

/** What a message is that its `content_type` names; another one is a step of one of ChatGPT's own tools. */
const KINDS: Readonly<Record<string, 'said' | 'thought' | 'note'>> = {
  ...{ text: 'said', multimodal_text: 'said' },
  ...{ thoughts: 'thought', reasoning_recap: 'thought' },
  // What ChatGPT knows of the user.
  ...{ user_editable_context: 'note', model_editable_context: 'note' },
};

/** `{"mapping": {"ID": {"message": {"author": {"role"}, "content": {"parts"}}, "parent", "children"}}, "current_node"}`. */
export const CHATGPT_EXPORT: Form = {
  path: 'mapping',
  matches: ({ mapping }) => isObject(mapping) && Object.values(mapping).some(isNode),
  read(record, reading) {
    const mapping = objectIn(record, 'mapping', reading);
    if (mapping === undefined) return undefined;
    const branch = branchOf(mapping, record.current_node);
    const read = branch.map(readNode);
    const turns = read.flatMap(({ turn }) => turn ?? []);
    if (turns.length === 0) {
      reading.report('messages_empty', {}, { path: 'mapping' });
      return undefined;
    }
    noteLost({ mapping, branch, reading });
    const system = read.flatMap((node) => node.system ?? []);
    return {
      system: system.length > 0 ? system : undefined,
      hasThoughts: read.some((node) => node.isThought) || undefined,
      turns: withJoinedSides(turns),
    };
  },
};

const isNode = (node: unknown): node is ParsedObject => isObject(node) && has(node, 'message', 'children');

const messageIn = (node: ParsedObject): ParsedObject => (isObject(node.message) ? node.message : {});

/** The nodes from the root to the one that was looked at last, or to the last one where nobody says that. */
function branchOf(mapping: ParsedObject, current: unknown): ParsedObject[] {
  const branch: ParsedObject[] = [];
  const seen = new Set<unknown>();
  const last = typeof current === 'string' && has(mapping, current) ? current : Object.keys(mapping).at(-1);
  for (let at: unknown = last; typeof at === 'string' && has(mapping, at) && !seen.has(at); ) {
    seen.add(at);
    const node = mapping[at];
    if (!isObject(node)) break;
    branch.unshift(node);
    at = node.parent;
  }
  return branch;
}

interface NodeRead {
  turn?: ExampleTurn;
  system?: string;
  isThought?: boolean;
}

function readNode(node: ParsedObject): NodeRead {
  const message = messageIn(node);
  const { author, content, recipient = 'all' } = message;
  const role = isObject(author) ? author.role : undefined;
  if (!isObject(content) || role === undefined) return {};
  const kind = kindOf(content);
  if (kind === 'note') return {};
  if (kind === 'thought') return { isThought: true };
  const parts = kind === 'said' && recipient === 'all' ? partsOf(content) : unread;
  const [first] = parts;
  // The first message of an export is empty, and so are those that only hold a place.
  if (first === undefined) return {};
  if (role === 'system') return first.kind === 'text' ? { system: first.text } : {};
  if (role === 'user') return { turn: { role: 'user', parts } };
  return { turn: { role: 'model', parts: role === 'assistant' ? parts : unread } };
}

function kindOf({ content_type: type }: ParsedObject): string | undefined {
  return typeof type === 'string' && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
}

const unread: ExamplePart[] = [{ kind: 'unread' }];

/** Texts, and files that ChatGPT has kept. */
function partsOf({ parts }: ParsedObject): ExamplePart[] {
  const list: unknown[] = Array.isArray(parts) ? parts : [];
  return list.flatMap((part): ExamplePart[] => {
    if (typeof part === 'string') return part === '' ? [] : [textPart(part)];
    return unread;
  });
}

/** What else the export says of a conversation is of no use; other branches, and what is known of the user, are named. */
function noteLost({
  mapping,
  branch,
  reading: { onUnused },
}: {
  mapping: ParsedObject;
  branch: readonly ParsedObject[];
  reading: FormReading;
}): void {
  const contents = branch.map((node) => messageIn(node).content).filter(isObject);
  for (const content of contents) {
    if (kindOf(content) === 'note') onUnused(String(content.content_type), 'mapping.');
  }
  const isSaid = (node: unknown) => isObject(node) && readNode(node).turn !== undefined;
  const all = Object.values(mapping).filter(isSaid).length;
  if (all > branch.filter(isSaid).length) onUnused('branches', 'mapping.');
}
