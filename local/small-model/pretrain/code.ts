import type { Random } from '../math/random.ts';

/** Small invented Python functions: a signature with its sentence, and the body. */

const NOUNS = ['items', 'numbers', 'words', 'values', 'rows', 'names', 'prices', 'lst', 'arr', 'scores'];
const ITEMS = ['x', 'n', 'item', 'value', 'word', 'i'];

type Maker = (list: string, item: string, limit: number) => { name: string; says: string; body: string[] };

const MAKERS: Maker[] = [
  (list) => ({ name: `sum_${list}`, says: `Return the sum of ${list}.`, body: [`return sum(${list})`] }),
  (list) => ({
    name: `count_${list}`,
    says: `Return how many ${list} there are.`,
    body: [`return len(${list})`],
  }),
  (list) => ({ name: `sort_${list}`, says: `Return ${list} in order.`, body: [`return sorted(${list})`] }),
  (list) => ({ name: 'largest', says: `Return the largest of ${list}.`, body: [`return max(${list})`] }),
  (list, item, limit) => ({
    name: `above_${limit}`,
    says: `Return the ${list} greater than ${limit}.`,
    body: [`return [${item} for ${item} in ${list} if ${item} > ${limit}]`],
  }),
  (list, item, limit) => ({
    name: `times_${limit}`,
    says: `Multiply all ${list} by ${limit}.`,
    body: [`return [${item} * ${limit} for ${item} in ${list}]`],
  }),
  (list, item, limit) => ({
    name: 'divisible',
    says: `Count the ${list} that ${limit} divides.`,
    body: [
      'count = 0',
      `for ${item} in ${list}:`,
      `    if ${item} % ${limit} == 0:`,
      '        count += 1',
      'return count',
    ],
  }),
  (list, item) => ({
    name: `reverse_${list}`,
    says: `Return ${list} from the last to the first.`,
    body: ['result = []', `for ${item} in ${list}:`, `    result.insert(0, ${item})`, 'return result'],
  }),
  (list, _item, limit) => ({
    name: `first_${limit}`,
    says: `Return the first ${limit} ${list}, or None.`,
    body: [`if len(${list}) < ${limit}:`, '    return None', `return ${list}[:${limit}]`],
  }),
];

export function pythonFunction(random: Random): { prompt: string; answer: string } {
  const list = random.pick(NOUNS);
  const made = random.pick(MAKERS)(list, random.pick(ITEMS), 2 + random.below(40));
  const quotes = random.pick(['"""', "'''"]);
  const prompt = `def ${made.name}(${list}):\n    ${quotes}${made.says}${quotes}\n`;
  return { prompt, answer: `${made.body.map((line) => `    ${line}`).join('\n')}\n` };
}
