import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { format, resolveConfig } from "prettier";
import { WILDCARD_RESOURCES } from "../../../regional/wildcard-resources";
import { configuredRows, routesByRole, type ConfiguredRow } from "./rows";
import { UNEXERCISED_RIGHTS } from "./unexercised";

/** The generated document. */
export const PERMISSIONS_FILE = join(__dirname, "..", "..", "..", "docs", "permissions.md");

const INTRODUCTION = `# Permissions

Reference of what each function and each schedule may do on AWS, by the policy of its role. It is generated from the program by
\`npm run permissions\`; a test fails when it differs, so every change of a right is seen in a review. The credentials of the operator who deploys
need [other permissions](deploy.md#permissions).

Every function and every schedule has a role of its own with one inline policy. Both regions have the same roles: \`<region>\` is the alias of the
region of the role, \`<other>\` that of the other region, \`<region code>\` and \`<other code>\` are their AWS codes. Names are those of the program; Pulumi
adds a random suffix. A condition on items compares the partition keys of the request
([\`dynamodb:LeadingKeys\`](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)). A Deny overrides every Allow.
`;

const WILDCARDS = `No statement allows an action with a wildcard. These are all resources with one, in the policies of roles and of buckets. They are listed in
\`regional/wildcard-resources.ts\`, and a test fails on any other.
`;

const PROOF = `\`tests/e2e/permissions.test.ts\` runs every function on the local cloud with \`domainName\` and \`kmsKeys\`, and records each decision of IAM
([\`--iam-log\`](local-cloud.md#iam)). An Allow is needed if a recorded call would be refused without it. A Deny is needed if a recorded call
of another role would be allowed without it. The test fails if a right is not needed, except these, which the local cloud never exercises:
`;

const GROUPS: readonly { readonly title: string; readonly has: (role: string) => boolean }[] = [
  { title: "Functions of the API", has: (role) => role.startsWith("<region>-api-") },
  { title: "Other functions", has: (role) => !role.startsWith("<region>-api-") && !isSchedule(role) },
  { title: "Schedules", has: isSchedule },
];

/** Returns the text of `docs/permissions.md`. */
export async function permissionsDocument(): Promise<string> {
  const { rows, roles } = await configuredRows();
  const functions = [...roles.keys()].filter((role) => !isSchedule(role));
  const common = rows
    .filter(({ role }) => role === functions[0])
    .map(ofFunction)
    .filter((row) =>
      functions.every((role) =>
        rows.some((other) => other.role === role && isDeepStrictEqual(ofFunction(other), row)),
      ),
    );
  const own = rows.filter((row) => !common.some((shared) => isDeepStrictEqual(shared, ofFunction(row))));
  const routes = await routesByRole();
  const titleOf = (role: string): string =>
    routes.has(role) ? `\`${role}\`, \`${routes.get(role)}\`` : `\`${role}\``;
  const sectionOf = (role: string): string => {
    const onlyWith = roles.get(role);
    const existence = onlyWith ? `Exists only with ${onlyWith}.\n\n` : "";
    return `### ${titleOf(role)}\n\n${existence}${tableOf(own.filter((row) => row.role === role))}`;
  };
  const groups = GROUPS.flatMap(({ title, has }) => {
    const inGroup = [...roles.keys()].filter(has).sort();
    const without = inGroup.filter((role) => !own.some((row) => row.role === role));
    const list = without.map((role) => `- ${titleOf(role)}`).join("\n");
    return [
      `## ${title}\n`,
      ...(without.length > 0 ? [`Without rights of their own:\n\n${list}\n`] : []),
      ...inGroup.filter((role) => !without.includes(role)).map(sectionOf),
    ];
  });
  const text = [INTRODUCTION, "## Every function\n", tableOf(common), ...groups, wildcards(), unexercised()];
  return format(text.join("\n"), { ...(await resolveConfig(PERMISSIONS_FILE)), parser: "markdown" });
}

function isSchedule(role: string): boolean {
  return role.endsWith("-schedule");
}

/** Returns a row with `<function>` in place of the name of its role, and no role. */
function ofFunction(row: ConfiguredRow): ConfiguredRow {
  return { ...row, role: "", resource: row.resource.replaceAll(`\`${row.role}\``, "`<function>`") };
}

/** Returns a table in which the actions on one resource with one condition share a row. */
function tableOf(rows: readonly ConfiguredRow[]): string {
  const actionsOf = new Map<string, string[]>();
  for (const { effect, action, resource, condition, onlyWith } of rows) {
    const key = JSON.stringify([effect, resource, condition, onlyWith]);
    actionsOf.set(key, [...(actionsOf.get(key) ?? []), `\`${action}\``]);
  }
  const lines = [...actionsOf].map(([key, actions]) => {
    const [effect, ...rest] = JSON.parse(key) as string[];
    return [effect, actions.sort().join(", "), ...rest];
  });
  return markdownTable(["effect", "actions", "resource", "condition", "only with"], lines);
}

function wildcards(): string {
  const rows = WILDCARD_RESOURCES.map(({ effect, actions, resource, reason }) => [
    effect,
    actions.map((action) => `\`${action}\``).join(", "),
    `\`${resource}\``,
    reason,
  ]);
  return ["## Wildcards\n", WILDCARDS, markdownTable(["effect", "actions", "resource", "reason"], rows)].join(
    "\n",
  );
}

function unexercised(): string {
  const byReason = new Map<string, string[]>();
  for (const { role, effect, action, resource, reason, page } of UNEXERCISED_RIGHTS) {
    const right = `${effect} \`${action}\` on ${resource}`;
    const key = `${role === "*" ? "Every function" : `\`${role}\``}. ${reason} ([AWS](${page}))`;
    byReason.set(key, [...(byReason.get(key) ?? []), right]);
  }
  const items = [...byReason].map(
    ([key, rights]) => `- ${key}\n\n${rights.map((one) => `  - ${one}`).join("\n")}\n`,
  );
  return ["## Proof\n", PROOF, ...items].join("\n");
}

/** Returns a table without the columns that are empty. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isUsed = head.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: readonly string[]): string =>
    `| ${cells.filter((_, column) => isUsed[column]).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
