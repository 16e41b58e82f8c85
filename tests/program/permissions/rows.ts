import { isDeepStrictEqual } from "node:util";
import { drainProgram, ofType, type Program } from "../../support/mocked-program";
import { REGIONS } from "../../support/program-variants";
import { conditionInWords, fromTheRegionOf, resourceInWords } from "./plain-words";
import { rightsOf, type Right } from "./rights";

/** Right of a role in words, the same in both regions. */
export interface Row {
  /** Role with `<region>` in place of the alias of its region. */
  readonly role: string;
  readonly effect: Right["effect"];
  readonly action: string;
  readonly resource: string;
  readonly condition: string;
}

/** Row, and the configuration that adds the right to its role. */
export interface ConfiguredRow extends Row {
  /** Configuration in words; empty if the role always has the right. */
  readonly onlyWith: string;
}

/** Rights of the program in every configuration. */
export interface ConfiguredRows {
  readonly rows: readonly ConfiguredRow[];
  /** Configuration without which a role does not exist, in words, by role; empty for a role that always exists. */
  readonly roles: ReadonlyMap<string, string>;
}

/** Configuration of the program with the customer managed keys that encrypt each region. */
export const WITH_DOMAIN_AND_KEYS: Readonly<Record<string, string>> = {
  "tickets:domainName": "tickets.test",
  "tickets:kmsKeys": JSON.stringify(
    Object.fromEntries(
      REGIONS.map(({ name, code }, index) => [
        name,
        `arn:aws:kms:${code}:000000000000:key/${`${index}`.repeat(36)}`,
      ]),
    ),
  ),
};

/** Configurations that add rights, each after those that it contains. */
const CONFIGURATIONS: readonly { readonly onlyWith: string; readonly config: Record<string, string> }[] = [
  { onlyWith: "", config: {} },
  { onlyWith: "`domainName`", config: { "tickets:domainName": "tickets.test" } },
  { onlyWith: "`kmsKeys`", config: WITH_DOMAIN_AND_KEYS },
  { onlyWith: "`listIndexes`: `adding` or `reading`", config: { "tickets:listIndexes": "adding" } },
  { onlyWith: "`listIndexes`: `adding` or `reading`", config: { "tickets:listIndexes": "reading" } },
];

/** Returns a right in words. */
export function rowOf(right: Right): Row {
  return {
    role: fromTheRegionOf(right.role, right.role),
    effect: right.effect,
    action: right.action,
    resource: resourceInWords(right),
    condition: conditionInWords(right),
  };
}

/** Returns the rights of a program, once for both regions. @throws Error if the regions differ. */
export function rowsOf(program: Program): Row[] {
  const [first, second] = REGIONS.map(({ name }) =>
    rightsOf(program)
      .filter(({ role }) => role.startsWith(`${name}-`))
      .map(rowOf),
  );
  const missing = first.find((row) => !includes(second, row)) ?? second.find((row) => !includes(first, row));
  if (missing) throw new Error(`Only one of the regions has this right: ${JSON.stringify(missing)}`);
  return first;
}

/** Returns the rights of every configuration. @throws Error if a configuration removes a right. */
export async function configuredRows(): Promise<ConfiguredRows> {
  const always = rowsOf(await drainProgram({ stack: "ireland", config: {} }));
  const rows: ConfiguredRow[] = [];
  const roles = new Map<string, string>();
  for (const { onlyWith, config } of CONFIGURATIONS) {
    const found = rowsOf(await drainProgram({ stack: "ireland", config }));
    const removed = always.find((row) => !includes(found, row));
    if (removed) throw new Error(`With ${onlyWith} a right is missing: ${JSON.stringify(removed)}`);
    for (const { role } of found) if (!roles.has(role)) roles.set(role, onlyWith);
    for (const row of found)
      if (!includes(rows, row))
        rows.push({ ...row, onlyWith: roles.get(row.role) === onlyWith ? "" : onlyWith });
  }
  return { rows, roles };
}

/** Returns the routes of the API functions by the name of their role, such as `GET /tickets`. */
export async function routesByRole(): Promise<ReadonlyMap<string, string>> {
  const program = await drainProgram({ stack: "ireland", config: {} });
  return new Map(
    ofType(program, "aws:apigatewayv2/route:Route")
      .filter(({ name }) => name.startsWith("ireland-"))
      .map(({ name, inputs }) => [fromTheRegionOf(name, name), String(inputs.routeKey)]),
  );
}

/** Whether rows contain a row, whatever the configuration. */
export function includes(rows: readonly Row[], wanted: Row): boolean {
  return rows.some((row) => isDeepStrictEqual(identityOf(row), identityOf(wanted)));
}

function identityOf({ role, effect, action, resource, condition }: Row): Row {
  return { role, effect, action, resource, condition };
}
