import { parseArgs, type ParseArgsConfig } from "node:util";

type OptionDeclarations = NonNullable<ParseArgsConfig["options"]>;

/** Values of the declared options, typed as `parseArgs` types them. */
type OptionValues<T extends OptionDeclarations> = ReturnType<
  typeof parseArgs<{ options: T; strict: true; allowPositionals: false; tokens: true }>
>["values"];

/**
 * Parses a command line that has options only. A negative number may follow its option. Only options with `multiple` may be repeated.
 * @throws Error for an unknown option, a missing value, an option given twice or any other argument. `argumentProblem` rewords it.
 */
export function parseOptions<T extends OptionDeclarations>(
  args: readonly string[],
  options: T,
): OptionValues<T> {
  const { values, tokens } = parseArgs({
    args: withNegativeNumbers(args, options),
    options,
    strict: true,
    allowPositionals: false,
    tokens: true,
  });
  expectOptionsOnce(tokens, options);
  return values;
}

/**
 * Joins an option and a negative number after it with an equals sign. `parseArgs` rejects `--minutes -1` as ambiguous, but no option
 * of this project looks like a number. The range check of the option then reports the error.
 */
function withNegativeNumbers(args: readonly string[], options: OptionDeclarations): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1)?.replace(/^--/, "") ?? "";
    if (/^-\.?\d/.test(arg) && joined.at(-1) === `--${option}` && options[option]?.type === "string")
      joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** Used part of a token that `parseArgs` returns with `tokens: true`. */
interface Token {
  readonly kind: string;
  readonly name?: string;
}

/** @throws Error if an option is given twice, because the intended value is unclear. */
function expectOptionsOnce(tokens: readonly Token[], options: OptionDeclarations): void {
  const names = tokens.flatMap(({ kind, name }) => (kind === "option" && name !== undefined ? [name] : []));
  const twice = names.find((name, index) => names.indexOf(name) !== index && !options[name].multiple);
  if (twice !== undefined) throw new Error(`--${twice} is given twice`);
}

/** Rewords an error of `parseArgs` as one sentence without the period. */
export function argumentProblem({ message }: Error): string {
  const [, option, , problem] =
    /^Option '(?:-\w, )?(--[\w-]+)( <value>)?' argument (missing|is ambiguous)/.exec(message) ?? [];
  if (problem === "missing") return `${option} needs a value`;
  if (problem !== undefined)
    return `${option} needs a value; one that begins with a hyphen is given as ${option}=VALUE`;
  const [line] = message.split("\n");
  return line.replace(/\. (?:To specify|This command) .*$/s, "").replace(/\.$/, "");
}
