import { REGIONS } from "../../support/program-variants";
import type { Right } from "./rights";

const LEADING_KEYS = "dynamodb:LeadingKeys";

/** Patterns of ARNs with the names of the program, and what they are. */
const RESOURCES: readonly (readonly [RegExp, (names: readonly string[]) => string])[] = [
  [/^arn:aws:dynamodb:[^:]*:\d+:table\/([^/]+)$/, ([table]) => `table \`${table}\``],
  [
    /^arn:aws:dynamodb:[^:]*:\d+:table\/([^/]+)\/index\/([^/]+)$/,
    ([table, index]) => `index \`${index}\` of \`${table}\``,
  ],
  [/^arn:aws:dynamodb:[^:]*:\d+:table\/([^/]+)\/stream\/TIME$/, ([table]) => `stream of \`${table}\``],
  [/^arn:aws:logs:[^:]*:\d+:log-group:([^:]+):\*$/, ([group]) => `every stream of log group \`${group}\``],
  [
    /^arn:aws:lambda:[^:]*:\d+:function:([^:]+):(\w+)$/,
    ([name, alias]) => `alias \`${alias}\` of \`${name}\``,
  ],
  [/^arn:aws:sqs:[^:]*:\d+:([^:]+)$/, ([queue]) => `queue \`${queue}\``],
  [/^arn:aws:s3:::([^/]+)$/, ([bucket]) => `bucket \`${bucket}\``],
  [/^arn:aws:s3:::([^/]+)\/\*$/, ([bucket]) => `every object of bucket \`${bucket}\``],
  [/^arn:aws:kms:([^:]+):\d+:key\/.+$/, ([region]) => `key in \`kmsKeys\` for \`${aliasOf(region)}\``],
];

/** Returns what a resource is. @throws Error for an ARN that has no description yet. */
export function resourceInWords({ role, resource }: Pick<Right, "role" | "resource">): string {
  for (const [pattern, describe] of RESOURCES) {
    const match = pattern.exec(resource);
    if (match) return fromTheRegionOf(role, describe(match.slice(1)));
  }
  throw new Error(
    `${role}: the resource ${resource} has no description. Add one to tests/program/permissions/plain-words.ts.`,
  );
}

/** Returns a condition; an empty text without one. @throws Error for a condition that has no description yet. */
export function conditionInWords({ role, condition }: Pick<Right, "role" | "condition">): string {
  const words = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      partInWords(condition, `${operator} ${key}`, [values].flat()),
    ),
  );
  if (words.includes(undefined))
    throw new Error(
      `${role}: the condition ${JSON.stringify(condition)} has no description. Add one to tests/program/permissions/plain-words.ts.`,
    );
  return fromTheRegionOf(role, words.filter((part) => part !== "").join(", "));
}

/** Returns one part of a condition; an empty text if another part includes it, and undefined if it has no description. */
function partInWords(
  condition: Right["condition"],
  operatorAndKey: string,
  values: readonly string[],
): string | undefined {
  const list = listOf(values);
  switch (operatorAndKey) {
    // Alone, it would also hold for a request without keys.
    case `ForAllValues:StringEquals ${LEADING_KEYS}`:
      return condition.Null?.[LEADING_KEYS] === "false" ? `only items ${list}` : undefined;
    case `Null ${LEADING_KEYS}`:
      return "ForAllValues:StringEquals" in condition ? "" : undefined;
    case `ForAnyValue:StringLike ${LEADING_KEYS}`:
      return values.join() === "*-*" ? "keys with a hyphen" : undefined;
    case `ForAnyValue:StringNotEquals ${LEADING_KEYS}`:
      return `except ${list}`;
    case "StringEquals kms:ViaService":
      return `only through ${list}`;
    default:
      return undefined;
  }
}

/** Returns a list of values, in which consecutive numbers at the end of a name are a range. */
function listOf(values: readonly string[]): string {
  const parts: string[] = [];
  for (let first = 0; first < values.length;) {
    let last = first;
    while (last + 1 < values.length && values[last + 1] === numberedAfter(values[last])) last++;
    parts.push(`\`${values[first]}\`${last > first ? ` to \`${values[last].match(/-\d+$/)?.[0]}\`` : ""}`);
    first = last + 1;
  }
  return parts.join(", ");
}

/** `a-2` for `a-1`; undefined for a name without a number of its own. */
function numberedAfter(name: string): string | undefined {
  const match = /^(.*-[a-z]+-\d+-)(\d+)$/.exec(name);
  return match ? `${match[1]}${Number(match[2]) + 1}` : undefined;
}

/** Returns a text in which the names and codes of regions are those seen from the region of a role. */
export function fromTheRegionOf(role: string, text: string): string {
  const own = REGIONS.find(({ name }) => role.startsWith(`${name}-`));
  if (!own) throw new Error(`The role ${role} does not begin with the alias of a region.`);
  return text
    .replaceAll(own.name, "<region>")
    .replaceAll(own.other.name, "<other>")
    .replaceAll(own.code, "<region code>")
    .replaceAll(own.other.code, "<other code>");
}

function aliasOf(code: string): string {
  return REGIONS.find((region) => region.code === code)?.name ?? code;
}
