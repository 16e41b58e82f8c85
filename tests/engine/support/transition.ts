import assert from "node:assert/strict";
import type { EngineRun, ResourceName } from "../../../local/pulumi/engine/engine-run";

/** Exact sets of the resources that a run changes. A set that is left out is empty. */
export interface Changes {
  readonly created?: readonly ResourceName[];
  readonly updated?: readonly ResourceName[];
  readonly replaced?: readonly ResourceName[];
  readonly deleted?: readonly ResourceName[];
}

/** Asserts that a run made exactly these changes and printed no warning. */
export function assertChanges(run: EngineRun, expected: Changes): void {
  const { created = [], updated = [], replaced = [], deleted = [] } = expected;
  const sorted = (names: readonly ResourceName[]): ResourceName[] => [...names].sort();
  const { warnings } = run;
  assert.deepEqual(
    { created: run.created, updated: run.updated, replaced: run.replaced, deleted: run.deleted, warnings },
    {
      created: sorted(created),
      updated: sorted(updated),
      replaced: sorted(replaced),
      deleted: sorted(deleted),
      warnings: [],
    },
  );
}

/** Returns the changed inputs of the resources that a run updated, without duplicates. */
export function updatedInputs({ operations }: EngineRun): string[] {
  const updates = operations.filter(({ operation }) => operation === "update");
  return [...new Set(updates.flatMap(({ changed }) => changed))].sort();
}

/** Returns the names of a type among others. */
export function ofType(type: string, names: readonly ResourceName[]): ResourceName[] {
  return names.filter((name) => name.startsWith(`${type} `));
}

/**
 * Asserts that all operations of one kind finished before any of another kind.
 * @param before kind of the earlier operations, such as `create`.
 */
export function assertOrder({ operations }: EngineRun, before: string, after: string): void {
  const kinds = operations.map(({ operation }) => operation);
  assert.ok(kinds.includes(before) && kinds.includes(after), `The run has no ${before} or no ${after}.`);
  assert.ok(
    kinds.lastIndexOf(before) < kinds.indexOf(after),
    `Every ${before} must finish before the first ${after}: ${kinds.filter((kind) => kind !== "same").join(", ")}`,
  );
}

/** Returns the position of an operation in the order of a run. @throws AssertionError if the run does not contain it. */
export function position({ operations }: EngineRun, operation: string, resource: ResourceName): number {
  const index = operations.findIndex((one) => one.operation === operation && one.resource === resource);
  assert.notEqual(index, -1, `The run has no ${operation} of ${resource}.`);
  return index;
}
