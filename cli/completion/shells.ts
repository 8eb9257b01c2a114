import type { Flag } from '../command-line/flags.ts';
import type { CommandHelp } from '../command-line/help.ts';

/** A command by the name that is typed. */
export interface NamedCommand {
  name: string;
  help: CommandHelp;
}

type Script = (commands: readonly NamedCommand[]) => string;

/** The script of each shell, made of the tables of the commands. */
export const SHELLS: Readonly<Record<string, Script>> = { bash, zsh, fish };

const flagsOf = ({ flags }: CommandHelp) => Object.entries<Flag>(flags);

/** What may follow a flag, where that is a choice of words: `hold|allow`. */
function choicesOf({ value = '' }: Flag): string[] {
  return /^[a-z-]+(?:\|[a-z-]+)+$/.test(value) ? value.split('|') : [];
}

const choicesOfOperand = ({ operand }: CommandHelp) => choicesOf({ value: operand?.value ?? '', help: '' });

/** A text as one word of a shell; of fish, too. */
const quoted = (text: string) => `'${text.replaceAll("'", '’')}'`;

function bash(commands: readonly NamedCommand[]): string {
  const choices = commands.flatMap(({ name, help }) =>
    flagsOf(help)
      .map(([flag, row]) => ({ flag, words: choicesOf(row) }))
      .filter(({ words }) => words.length > 0)
      .map(({ flag, words }) => `    ${name}\\ --${flag}) words='${words.join(' ')}' ;;`),
  );
  const options = commands.map(({ name, help }) => {
    const words = [...choicesOfOperand(help), ...flagsOf(help).map(([flag]) => `--${flag}`), '--help'];
    return `    ${name}) words='${words.join(' ')}' ;;`;
  });
  return [
    '_tunedrop() {',
    `  local current="\${COMP_WORDS[COMP_CWORD]}" words=""`,
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words='${commands.map(({ name }) => name).join(' ')} --help'`,
    `  else case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in`,
    ...choices,
    `    *) case "\${COMP_WORDS[1]}" in`,
    ...options,
    '    esac ;;',
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _tunedrop tunedrop',
    '',
  ].join('\n');
}

function zsh(commands: readonly NamedCommand[]): string {
  const described = (text: string) => text.replaceAll(/[:[\]]/g, ' ');
  const names = commands.map(({ name, help }) => quoted(`${name}:${described(help.summary)}`));
  const cases = commands.map(({ name, help }) => {
    const rows = flagsOf(help).map(([flag, row]) => {
      const choices = choicesOf(row);
      const after =
        row.value === undefined ? '' : `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}`;
      return quoted(`--${flag}[${described(row.help)}]${after}`);
    });
    const first = choicesOfOperand(help);
    const operand = quoted(first.length > 0 ? `1:shell:(${first.join(' ')})` : '*:file:_files');
    return `    ${name}) _arguments ${[...rows, operand].join(' ')} ;;`;
  });
  return [
    '#compdef tunedrop',
    '_tunedrop() {',
    '  if (( CURRENT == 2 )); then',
    `    local -a names=(${names.join(' ')})`,
    "    _describe 'command' names",
    '    return',
    '  fi',
    '  local name="$words[2]"',
    '  shift words; (( CURRENT-- ))',
    '  case "$name" in',
    ...cases,
    '  esac',
    '}',
    'compdef _tunedrop tunedrop',
    '',
  ].join('\n');
}

function fish(commands: readonly NamedCommand[]): string {
  const isFirst = `-n '__fish_use_subcommand'`;
  return `${commands
    .flatMap(({ name, help }) => {
      const isAfter = `-n '__fish_seen_subcommand_from ${name}'`;
      return [
        `complete -c tunedrop ${isFirst} -a ${name} -d ${quoted(help.summary)}`,
        ...choicesOfOperand(help).map((word) => `complete -c tunedrop ${isAfter} -f -a ${word}`),
        ...flagsOf(help).map(([flag, row]) => {
          const choices = choicesOf(row);
          const takes =
            row.value === undefined ? '' : ` -r${choices.length > 0 ? ` -f -a '${choices.join(' ')}'` : ''}`;
          return `complete -c tunedrop ${isAfter} -l ${flag}${takes} -d ${quoted(row.help)}`;
        }),
      ];
    })
    .join('\n')}\n`;
}
