import * as pulumi from "@pulumi/pulumi";
import type { ListIndexes } from "../config/list-indexes";
import {
  ASSIGNEE_INDEX,
  ASSIGNEE_SHARD_INDEX,
  STATUS_INDEX,
  STATUS_SHARD_INDEX,
} from "../functions/tickets/list-indexes";

/** Tag of a ticket table with its value of `listIndexes`, so that the next update knows which indexes lists read. */
export const LIST_INDEXES_TAG = "tickets:listIndexes";

/** Values to which a table can change from a value. A table without the tag has only the old indexes, or has lost the tag in a restore. */
const NEXT: Readonly<Record<ListIndexes | "untagged", readonly ListIndexes[]>> = {
  untagged: ["adding"],
  adding: ["adding", "reading"],
  reading: ["adding", "reading", "sharded"],
  sharded: ["adding", "reading", "sharded"],
};

/** Inputs of a table that an update is checked by. */
export interface TaggedInputs {
  readonly tags?: Readonly<Record<string, string>>;
  readonly globalSecondaryIndexes?: readonly { readonly name: string }[];
}

/** Returns why an update of a ticket table would leave tickets out of the lists; undefined if it would not. */
export function listIndexesProblem(
  name: string,
  deployed: TaggedInputs,
  { tags: { [LIST_INDEXES_TAG]: next = "" } = {} }: TaggedInputs,
): string | undefined {
  const current = currentOf(deployed);
  const allowed: readonly string[] = NEXT[current] ?? [];
  if (allowed.includes(next)) return undefined;
  const state = current === "untagged" ? "has no sharded indexes" : `has listIndexes ${current}`;
  const fix = allowed[allowed.length - 1] ?? "adding";
  return (
    `The table ${name} ${state}, so lists would lose tickets with listIndexes ${next}. The table was not changed. ` +
    `Run: pulumi config set listIndexes ${fix}. docs/deploy.md describes the three updates.`
  );
}

/** Returns the value of `listIndexes` of a table, by its tag or, without one, by its indexes. */
function currentOf({ tags, globalSecondaryIndexes: indexes = [] }: TaggedInputs): keyof typeof NEXT {
  const tag = tags?.[LIST_INDEXES_TAG];
  if (tag !== undefined) return tag as keyof typeof NEXT;
  const has = (name: string): boolean => indexes.some((index) => index.name === name);
  const hasOnlySharded =
    has(STATUS_SHARD_INDEX) && has(ASSIGNEE_SHARD_INDEX) && !has(STATUS_INDEX) && !has(ASSIGNEE_INDEX);
  return hasOnlySharded ? "sharded" : "untagged";
}

/**
 * Returns hooks that stop an update of a ticket table, and its preview, if lists would lose tickets.
 * @param table name of the table's resource.
 */
export function refusingLostLists(table: string): pulumi.ResourceHookBinding | undefined {
  // The mocks of the local cloud and of tests have no hooks. docs/local-cloud.md says what to do with kept data of an earlier version.
  const monitor = pulumi.runtime.getMonitor() as { readonly registerResourceHook?: unknown } | undefined;
  if (typeof monitor?.registerResourceHook !== "function") return undefined;
  const refuse: pulumi.ResourceHookFunction = ({ name, oldInputs = {}, newInputs = {} }) => {
    const problem = listIndexesProblem(name, oldInputs, newInputs);
    if (problem !== undefined) throw new Error(problem);
  };
  // `pulumi up` stops in its preview, before it changes other resources. Only a hook with a name of its own runs there.
  return { beforeUpdate: [new pulumi.ResourceHook(`${table}-list-indexes`, refuse, { onDryRun: true })] };
}
