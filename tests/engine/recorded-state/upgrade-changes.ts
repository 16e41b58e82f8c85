import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { resourceNameOf, type EngineRun, type ResourceName } from "../../../local/pulumi/engine/engine-run";
import type { Changes } from "../support/transition";
import { DIGEST_FILE } from "../../../ui/sources";
import { isAssetOrArchive } from "./contents";
import type { StateResource } from "./recorded-state";

/** Types whose replacement or deletion loses data, or an address that clients use. */
const KEPT_TYPES = [
  "aws:dynamodb/table:Table",
  "aws:s3/bucket:Bucket",
  "aws:route53/zone:Zone",
  "aws:apigatewayv2/api:Api",
  "aws:cloudfront/distribution:Distribution",
];

const FUNCTION = "aws:lambda/function:Function";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** Returns the tables, buckets, zones, APIs and distributions that a run replaces or deletes. */
export function lostResources({
  replaced,
  deleted,
}: Pick<EngineRun, "replaced" | "deleted">): ResourceName[] {
  return [...replaced, ...deleted].filter((resource) =>
    KEPT_TYPES.some((type) => resource.startsWith(`${type} `)),
  );
}

/** Returns the functions whose archive in the one state differs from that in the other. A function of only one state is left out. */
export function functionsWithOtherCode(
  before: readonly StateResource[],
  after: readonly StateResource[],
): ResourceName[] {
  const hashes = hashesOf(after, FUNCTION, "code");
  return [...hashesOf(before, FUNCTION, "code")]
    .filter(([name, hash]) => hashes.has(name) && hashes.get(name) !== hash)
    .map(([name]) => name)
    .sort();
}

/**
 * Returns what an upgrade changes in the web UI: the files of a folder compared with those of the recorded buckets.
 * @param folder the built web UI of the program.
 * @param aliases region aliases.
 */
export function uiChanges(
  before: readonly StateResource[],
  folder: string,
  aliases: readonly string[],
): Changes {
  const recorded = hashesOf(before, OBJECT, "source");
  const files = filesOf(folder);
  const current = new Map(
    aliases.flatMap((alias) => files.map(([path, hash]) => [`${OBJECT} ${alias}-page/${path}`, hash])),
  );
  return {
    created: [...current.keys()].filter((name) => !recorded.has(name)).sort(),
    updated: [...current.keys()]
      .filter((name) => recorded.has(name) && recorded.get(name) !== current.get(name))
      .sort(),
    deleted: [...recorded.keys()].filter((name) => !current.has(name)).sort(),
  };
}

/**
 * Returns what an upgrade changes so that callers use the alias of each function: the function publishes a version, the alias is new,
 * and its callers refer to it. Permissions and invoke configurations of an alias are others than those of the function.
 */
export function aliasChanges(before: readonly StateResource[]): Changes {
  const namesOf = (type: string): string[] =>
    before.filter((resource) => resource.type === type).map(({ urn }) => resourceNameOf(urn).split(" ")[1]);
  const as = (type: string, names: readonly string[]): ResourceName[] =>
    names.map((name) => `${type} ${name}`);
  const functions = namesOf(FUNCTION);
  const schedules = namesOf("aws:scheduler/schedule:Schedule");
  // The permission of a stream's subscription is Pulumi's own; Lambda reads a stream without it.
  const permissions = namesOf("aws:lambda/permission:Permission").filter((name) => !name.endsWith("-stream"));
  const updatedTypes = [
    "apigatewayv2/integration:Integration",
    "lambda/eventSourceMapping:EventSourceMapping",
  ];
  return {
    created: as("aws:lambda/alias:Alias", functions),
    updated: [
      ...as(FUNCTION, functions),
      ...updatedTypes.flatMap((type) => as(`aws:${type}`, namesOf(`aws:${type}`))),
      ...as("aws:scheduler/schedule:Schedule", schedules),
      ...as("aws:iam/rolePolicy:RolePolicy", schedules),
    ],
    replaced: [
      ...as("aws:lambda/permission:Permission", permissions),
      ...as(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        namesOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"),
      ),
    ],
  };
}

/** Returns the union of changes, sorted. */
export function allChanges(...changes: readonly Changes[]): Changes {
  const union = (kind: keyof Changes): ResourceName[] =>
    [...new Set(changes.flatMap((one) => one[kind] ?? []))].sort();
  return {
    created: union("created"),
    updated: union("updated"),
    replaced: union("replaced"),
    deleted: union("deleted"),
  };
}

/** Returns the hash of an asset or archive among the inputs of each resource of a type, by its name. */
function hashesOf(
  resources: readonly StateResource[],
  type: string,
  input: string,
): ReadonlyMap<ResourceName, string> {
  const named = resources
    .filter((resource) => resource.type === type)
    .map(({ urn, inputs }) => [resourceNameOf(urn), inputs?.[input]] as const);
  return new Map(named.flatMap(([name, value]) => (isAssetOrArchive(value) ? [[name, value.hash]] : [])));
}

/** Returns the path of each file of the built web UI, with the SHA-256 of its content. */
function filesOf(folder: string): [path: string, hash: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== DIGEST_FILE)
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
      return [relative(folder, file).split(sep).join("/"), hash];
    });
}
