import * as pulumi from "@pulumi/pulumi";
import type { ListIndexes } from "../config/list-indexes";

/** Tag of a ticket table with its value of `listIndexes`, so that the next update knows which indexes lists read. */
export const LIST_INDEXES_TAG = "tickets:listIndexes";

/** Values to which a table can change from a value; a table without the tag has only the old indexes. */
const NEXT: Readonly<Record<ListIndexes | "untagged", readonly ListIndexes[]>> = {
  untagged: ["adding"],
  adding: ["adding", "reading"],
  reading: ["adding", "reading", "sharded"],
  sharded: ["adding", "reading", "sharded"],
};

/** Inputs of a table that an update is checked by. */
export interface TaggedInputs {
  readonly tags?: Readonly<Record<string, string>>;
}

/** Returns why an update of a ticket table would leave tickets out of the lists; undefined if it would not. */
export function listIndexesProblem(
  name: string,
  deployed: TaggedInputs,
  { tags: { [LIST_INDEXES_TAG]: next = "" } = {} }: TaggedInputs,
): string | undefined {
  const current = (deployed.tags?.[LIST_INDEXES_TAG] ?? "untagged") as keyof typeof NEXT;
  const allowed: readonly string[] = NEXT[current] ?? [];
  if (allowed.includes(next)) return undefined;
  const state = current === "untagged" ? "has no sharded indexes" : `has listIndexes ${current}`;
  const fix = allowed[allowed.length - 1] ?? "adding";
  return (
    `The table ${name} ${state}, so lists would lose tickets with listIndexes ${next}. The table is unchanged. ` +
    `Run: pulumi config set listIndexes ${fix}. docs/deploy.md describes the three updates.`
  );
}

/** Returns hooks that stop an update of a ticket table before it changes the table, if lists would lose tickets. */
export function refusingLostLists(): pulumi.ResourceHookBinding | undefined {
  // The mocks of the local cloud and of tests have no hooks. They create tables, and update none.
  const monitor = pulumi.runtime.getMonitor() as { readonly registerResourceHook?: unknown } | undefined;
  if (typeof monitor?.registerResourceHook !== "function") return undefined;
  return {
    beforeUpdate: [
      ({ name, oldInputs = {}, newInputs = {} }) => {
        const problem = listIndexesProblem(name, oldInputs, newInputs);
        if (problem !== undefined) throw new Error(problem);
      },
    ],
  };
}
