/**
 * Completion scripts, made from the tables of commands and options.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { optionsOf } from "./help.ts";
import { flagOf, OPTION_KEYS, type OptionKey, OPTIONS } from "./options.ts";

/** The script of each shell. */
export const SHELL_SCRIPTS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** What an option's value is completed with. */
function kindOf(key: OptionKey): "none" | "choices" | "directories" | "files" | "anything" {
  const { value, choices } = OPTIONS[key];
  if (value === undefined) return "none";
  if (choices) return "choices";
  if (value === "DIR") return "directories";
  return value.startsWith("FILE") ? "files" : "anything";
}

function bashScript(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const flags = (keys: readonly OptionKey[]) => keys.map(flagOf).join(" ");
  const values = OPTION_KEYS.flatMap((key) => {
    const answer = {
      none: undefined,
      choices: `COMPREPLY=($(compgen -W "${OPTIONS[key].choices?.join(" ")}" -- "$current"))`,
      directories: 'COMPREPLY=($(compgen -d -- "$current"))',
      files: 'COMPREPLY=($(compgen -f -- "$current"))',
      anything: "COMPREPLY=()",
    }[kindOf(key)];
    return answer === undefined ? [] : [`    ${flagOf(key)}) ${answer}; return ;;`];
  });
  const perCommand = commands.map((command) => {
    const { name, operands } = command;
    const words = operands?.choices?.join(" ") ?? "";
    return `    ${name}) options="${flags(optionsOf(command))}"; operands="${words}" ;;`;
  });
  return `\
# bash completion of shopfloor
_shopfloor() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  local command="" options="${flags(optionsOf(commands[0]))}" operands="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names} " in *" $word "*) command="$word"; break ;; esac
  done
  case "$previous" in
${values.join("\n")}
  esac
  case "$command" in
${perCommand.join("\n")}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current"))
  elif [[ -n "$operands" ]]; then
    COMPREPLY=($(compgen -W "$operands" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _shopfloor shopfloor`;
}

function zshScript(commands: readonly Command[]): string {
  const action = (key: OptionKey) => {
    const { value, choices, help, merged } = OPTIONS[key];
    const actions = {
      none: "",
      choices: `:${value}:(${choices?.join(" ")})`,
      directories: `:${value}:_files -/`,
      files: `:${value}:_files`,
      anything: `:${value}: `,
    };
    return `'${merged ? "*" : ""}${flagOf(key)}[${quoted(help)}]${actions[kindOf(key)]}'`;
  };
  const cases = commands.map((command) => {
    const { name, operands } = command;
    const words = operands?.choices ? `(${operands.choices.join(" ")})` : "_files";
    const specs = [
      ...optionsOf(command).map(action),
      ...operands ? [`'*:${operands.name}:${words}'`] : [],
    ];
    return `        ${name}) _arguments ${specs.join(" \\\n          ")} ;;`;
  });
  return `\
#compdef shopfloor
_shopfloor() {
  local curcontext="$curcontext" state line
  _arguments -C '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands=(
${commands.map(({ name, summary }) => `        '${name}:${quoted(summary)}'`).join("\n")}
      )
      _describe command commands ;;
    rest)
      case $words[1] in
${cases.join("\n")}
      esac ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _shopfloor "$@"; else compdef _shopfloor shopfloor; fi`;
}

function fishScript(commands: readonly Command[]): string {
  const line = (parts: readonly string[]) => `complete -c shopfloor ${parts.join(" ")}`;
  const words = (texts: readonly string[]) => `-a '${texts.join(" ")}'`;
  const option = (command: Command, key: OptionKey) => {
    const { choices = [], help, short } = OPTIONS[key];
    const value = {
      none: [],
      choices: ["-x", words(choices)],
      directories: ["-x", "-a '(__fish_complete_directories)'"],
      files: ["-r", "-F"],
      anything: ["-x"],
    }[kindOf(key)];
    return line([
      `-n '__fish_seen_subcommand_from ${command.name}'`,
      ...short ? [`-s ${short}`] : [],
      `-l ${flagOf(key).slice(2)}`,
      ...value,
      `-d '${quoted(help)}'`,
    ]);
  };
  return [
    "# fish completion of shopfloor",
    line(["-f"]),
    ...commands.flatMap((command) => {
      const { name, summary, operands } = command;
      const seen = `-n '__fish_seen_subcommand_from ${name}'`;
      const operand = operands?.choices
        ? [line([seen, words(operands.choices)])]
        : operands
        ? [line([seen, "-F"])]
        : [];
      return [
        line(["-n __fish_use_subcommand", `-a ${name}`, `-d '${quoted(summary)}'`]),
        ...operand,
        ...optionsOf(command).map((key) => option(command, key)),
      ];
    }),
  ].join("\n");
}

/** A text within single quotes and, for zsh, within brackets. */
function quoted(text: string): string {
  return text.replaceAll("'", "").replaceAll(/[[\]:]/g, " ");
}
