import * as pulumi from "@pulumi/pulumi";

/** Rule for the value of a configuration key. */
export interface Setting<T> {
  /** Allowed values, as the end of the sentence "It must be …". */
  readonly allowed: string;
  /** Command that sets a valid value; `KEY` stands for the key. */
  readonly fix: string;
  /** Returns the typed value; returns undefined, or throws a SyntaxError as `JSON.parse` does, for an invalid text. */
  readonly parse: (text: string) => T | undefined;
  /** Whether the key may be missing, which is then the same as empty. */
  readonly optional?: boolean;
}

/** Setting with a fixed list of strings. */
export function oneOf(values: readonly string[]): Setting<string> {
  return {
    allowed: `one of ${values.join(", ")}`,
    fix: `pulumi config set KEY ${values[0]}`,
    parse: (text) => (values.includes(text) ? text : undefined),
  };
}

/** Setting with a fixed list of integers. */
export function integer(values: readonly number[]): Setting<number> {
  const { allowed, fix, parse } = oneOf(values.map(String));
  return { allowed, fix, parse: (text) => (parse(text) === undefined ? undefined : Number(text)) };
}

/** Setting with an integer range, both ends included. */
export function wholeNumber(from: number, to: number): Setting<number> {
  return {
    allowed: `an integer from ${from} to ${to}`,
    fix: `pulumi config set KEY ${from}`,
    parse: (text) =>
      /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : undefined,
  };
}

/** Makes a setting optional: it may be missing or empty. */
export function optional(setting: Setting<string>): Setting<string> {
  return { ...setting, optional: true, parse: (text) => (text === "" ? "" : setting.parse(text)) };
}

/** Reads the keys of the project's namespace and collects every problem, so that one error lists all of them. */
export class ConfigReader {
  private readonly problems: string[] = [];
  private readonly keys: string[] = [];

  constructor(private readonly config: pulumi.Config) {}

  /** Returns the value of a key; returns undefined and records a problem for a missing or invalid value. */
  read<T>(key: string, setting: Setting<T>): T | undefined {
    this.keys.push(key);
    const text = this.config.get(key) ?? (setting.optional ? "" : undefined);
    const value = text === undefined ? undefined : parseText(text, setting);
    if (value === undefined) this.reject(key, setting);
    return value;
  }

  /** Records a problem with the current value of a key. */
  reject(key: string, { allowed, fix }: Pick<Setting<unknown>, "allowed" | "fix">): void {
    const value = this.config.get(key);
    const state = value === undefined ? "is not set" : `is ${shortened(JSON.stringify(value))}`;
    const command = fix.replace("KEY", key);
    this.problems.push(`${this.config.name}:${key} ${state}. It must be ${allowed}. Fix it with: ${command}`);
  }

  /**
   * Returns the values, all of them present.
   * @throws pulumi.RunError with every recorded problem and every unknown key of the namespace.
   */
  complete<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
    const problems = [...this.problems, ...this.unknownKeys()];
    if (problems.length > 0)
      throw new pulumi.RunError(
        `The configuration of stack ${pulumi.getStack()} is invalid:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
      );
    return values as { [K in keyof T]: Exclude<T[K], undefined> };
  }

  private unknownKeys(): string[] {
    const prefix = `${this.config.name}:`;
    return Object.keys(pulumi.runtime.allConfig())
      .filter((key) => key.startsWith(prefix) && !this.keys.includes(key.slice(prefix.length)))
      .map(
        (key) =>
          `${key} is not a key of this program. The keys are ${this.keys.join(", ")}. ` +
          `Fix it with: pulumi config rm ${key.slice(prefix.length)}`,
      );
  }
}

function parseText<T>(text: string, setting: Setting<T>): T | undefined {
  try {
    return setting.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
