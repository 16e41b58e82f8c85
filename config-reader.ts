import * as pulumi from "@pulumi/pulumi";

/** What a configuration key may hold. */
export interface Setting<T> {
  /** What is allowed, to follow "it must be". */
  readonly allowed: string;
  /** The command that mends a wrong value. */
  readonly mend: string;
  /** The value's meaning; undefined, or a SyntaxError as of `JSON.parse`, when it is not allowed. */
  readonly parse: (text: string) => T | undefined;
  /** Whether the key may be missing, which then means the empty text. */
  readonly optional?: boolean;
}

/** A setting that is one of a few texts. */
export function oneOf(values: readonly string[]): Setting<string> {
  return {
    allowed: `one of ${values.join(", ")}`,
    mend: `pulumi config set KEY ${values[0]}`,
    parse: (text) => (values.includes(text) ? text : undefined),
  };
}

/** A setting that is one of a few whole numbers. */
export function integer(values: readonly number[]): Setting<number> {
  const { allowed, mend, parse } = oneOf(values.map(String));
  return { allowed, mend, parse: (text) => (parse(text) === undefined ? undefined : Number(text)) };
}

/** A setting that is a whole number of a range. */
export function wholeNumber(from: number, to: number): Setting<number> {
  return {
    allowed: `a whole number from ${from} to ${to}`,
    mend: `pulumi config set KEY ${from}`,
    parse: (text) =>
      /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : undefined,
  };
}

/** A setting that may be missing or empty. */
export function optional(setting: Setting<string>): Setting<string> {
  return { ...setting, optional: true, parse: (text) => (text === "" ? "" : setting.parse(text)) };
}

/** Reads keys of the project's namespace and gathers what is wrong with them, so that all of it can be told at once. */
export class ConfigReader {
  private readonly problems: string[] = [];
  private readonly keys: string[] = [];

  constructor(private readonly config: pulumi.Config) {}

  /** The value of a key; undefined, and a problem gathered, when it is missing or not allowed. */
  read<T>(key: string, setting: Setting<T>): T | undefined {
    this.keys.push(key);
    const text = this.config.get(key) ?? (setting.optional ? "" : undefined);
    const value = text === undefined ? undefined : parsed(text, setting);
    if (value === undefined) this.refuse(key, setting);
    return value;
  }

  /** Gathers a problem: the key's value is not what the setting allows. */
  refuse(key: string, { allowed, mend }: Pick<Setting<unknown>, "allowed" | "mend">): void {
    const value = this.config.get(key);
    const state = value === undefined ? "is not set" : `is ${shortened(JSON.stringify(value))}`;
    const command = mend.replace("KEY", key);
    this.problems.push(
      `${this.config.name}:${key} ${state}; it must be ${allowed}. Mend it with: ${command}`,
    );
  }

  /**
   * The values, now all known to be there.
   * @throws pulumi.RunError with every problem gathered, and with every key of the namespace that was not read.
   */
  complete<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
    const problems = [...this.problems, ...this.unknownKeys()];
    if (problems.length > 0)
      throw new pulumi.RunError(
        `The configuration of stack ${pulumi.getStack()} is wrong:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
      );
    return values as { [K in keyof T]: Exclude<T[K], undefined> };
  }

  private unknownKeys(): string[] {
    const prefix = `${this.config.name}:`;
    return Object.keys(pulumi.runtime.allConfig())
      .filter((key) => key.startsWith(prefix) && !this.keys.includes(key.slice(prefix.length)))
      .map(
        (key) =>
          `${key} is not a key of this program; the keys are ${this.keys.join(", ")}. ` +
          `Mend it with: pulumi config rm ${key.slice(prefix.length)}`,
      );
  }
}

function parsed<T>(text: string, setting: Setting<T>): T | undefined {
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
