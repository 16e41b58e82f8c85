import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isStackName, parseStackName } from "../../command-line/stack-name";

/** Value of a key in the section `config` of `Pulumi.yaml`: a schema with a default, or a plain value of another namespace. */
type ProjectValue =
  string | number | boolean | unknown[] | { readonly default?: unknown; readonly value?: unknown };

/**
 * Returns the configuration of a stack as the Pulumi engine would pass it to the program. Precedence, lowest first: `Pulumi.yaml`,
 * the stack's file, the overrides.
 * @param directory the project's folder.
 * @param stack name in any form that the Pulumi CLI accepts.
 * @param overrides by full key; undefined removes a key.
 * @returns values as text by full key (`tickets:primary`); lists and objects are JSON.
 * @throws Error that lists the stacks for an unknown name, the accepted forms for a malformed name, or the key of an encrypted value.
 */
export function stackConfig(
  directory: string,
  stack: string,
  overrides: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const project = readYaml(join(directory, "Pulumi.yaml")) as {
    name: string;
    config?: Record<string, ProjectValue>;
  };
  const file = join(directory, `Pulumi.${parseStackName(stack).stack}.yaml`);
  if (!existsSync(file))
    throw new Error(
      `There is no stack ${JSON.stringify(stack)}; the stacks are ${stackNames(directory).join(", ")}.`,
    );
  const own = (readYaml(file) as { config?: Record<string, unknown> } | null)?.config ?? {};
  const merged = { ...projectDefaults(project), ...own, ...overrides };
  const given = Object.entries(merged).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([key, value]) => [key, asText(key, value)]));
}

/** Keys with a time in whole seconds that is divided by the speed. */
const TIME_KEYS = ["tickets:takeoverAfterSeconds"];
/** Three probes of the sentinel, one second apart. With fewer, a delay on this machine could cause a takeover. */
const MINIMUM_SECONDS = 3;

/**
 * Returns the configuration with the times that the program measures divided by the speed. Route 53 and the scheduler divide
 * their own intervals.
 * @param speed 1 or more.
 */
export function atSpeed(config: Readonly<Record<string, string>>, speed: number): Record<string, string> {
  const divided = (seconds: string): string =>
    String(Math.min(Number(seconds), Math.max(MINIMUM_SECONDS, Math.round(Number(seconds) / speed))));
  const entries = Object.entries(config).map(([key, value]) => {
    const isTime = speed > 1 && TIME_KEYS.includes(key) && /^\d+$/.test(value);
    return [key, isTime ? divided(value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * Returns the regions of a stack's configuration. The program validates them further.
 * @throws Error when they are not a list of objects with name and code.
 */
export function configuredRegions(
  config: Readonly<Record<string, string>>,
): { name: string; code: string }[] {
  const text = config["tickets:regions"] ?? "";
  const regions = parseJson(text);
  const isRegion = (region: { name?: unknown; code?: unknown } | null): boolean =>
    typeof region?.name === "string" && typeof region.code === "string";
  if (Array.isArray(regions) && regions.length > 0 && regions.every(isRegion)) return regions;
  throw new Error(`tickets:regions is ${text || "missing"}, but must be a list of regions {"name", "code"}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller rejects the text with an error that quotes it.
    return undefined;
  }
}

/** Returns the names of the stacks that have a file in the project's folder. */
export function stackNames(directory: string): string[] {
  const matches = readdirSync(directory).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1]);
  return matches.filter((name): name is string => name !== undefined && isStackName(name));
}

function projectDefaults(project: {
  name: string;
  config?: Record<string, ProjectValue>;
}): Record<string, unknown> {
  const entries = Object.entries(project.config ?? {}).map(([key, schema]) => {
    const isSchema = typeof schema === "object" && !Array.isArray(schema);
    return [
      key.includes(":") ? key : `${project.name}:${key}`,
      isSchema ? (schema.value ?? schema.default) : schema,
    ];
  });
  return Object.fromEntries(entries);
}

function asText(key: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "secure" in value)
    throw new Error(`${key} is encrypted in the stack's file, and the local cloud has no key to read it.`);
  return JSON.stringify(value);
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
