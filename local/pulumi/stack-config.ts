import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isStackName, parseStackName } from "../../command-line/stack-name";

/** A key of the config section of `Pulumi.yaml`: a schema with a default, or a plain value for another namespace. */
type ProjectKey =
  string | number | boolean | unknown[] | { readonly default?: unknown; readonly value?: unknown };

/**
 * The configuration of a stack as the Pulumi engine would hand it to the program: the defaults and values of
 * `Pulumi.yaml`, over them the stack's own file, over them the overrides.
 * @param directory the project's folder.
 * @param stack in any form that the Pulumi CLI takes.
 * @param overrides full keys; undefined takes a key away.
 * @returns full keys (`tickets:primary`) with values as text; lists and objects are JSON.
 * @throws Error that lists the stacks when there is none of this name, states the accepted forms of a malformed one, or names an encrypted value.
 */
export function stackConfig(
  directory: string,
  stack: string,
  overrides: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const project = readYaml(join(directory, "Pulumi.yaml")) as {
    name: string;
    config?: Record<string, ProjectKey>;
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

/** Whole seconds that a faster local cloud waits less. */
const SPED_UP = ["tickets:takeoverAfterSeconds"];
/** Three probes of the sentinel, a second apart, as at a speed of ten: less would be the machine's verdict. */
const LEAST_SECONDS = 3;

/**
 * The configuration with the times that the program itself measures divided by the speed, as Route 53's intervals and
 * the schedules are when they are made.
 * @param speed 1 or more.
 */
export function atSpeed(config: Readonly<Record<string, string>>, speed: number): Record<string, string> {
  const divided = (seconds: string): string =>
    String(Math.min(Number(seconds), Math.max(LEAST_SECONDS, Math.round(Number(seconds) / speed))));
  const entries = Object.entries(config).map(([key, value]) => {
    const isTime = speed > 1 && SPED_UP.includes(key) && /^\d+$/.test(value);
    return [key, isTime ? divided(value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * The regions of a stack's configuration, as far as the local cloud needs them; the program checks the rest.
 * @throws Error when they are no list of names and codes.
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
    // The caller says what it found instead of what it wanted.
    return undefined;
  }
}

/** The stacks that have a file in the project's folder. */
export function stackNames(directory: string): string[] {
  const matches = readdirSync(directory).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1]);
  return matches.filter((name): name is string => name !== undefined && isStackName(name));
}

function projectDefaults(project: {
  name: string;
  config?: Record<string, ProjectKey>;
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
