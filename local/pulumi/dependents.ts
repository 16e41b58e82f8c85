import type { ResourceHandler } from "../aws/resource";
import { changeOf } from "./changes";
import type { ResourceRecord } from "./stack-state";

/**
 * Returns the resources that must be deleted before a resource is deleted and created again, in order: those with an input that
 * depends on it, directly or indirectly, and whose change replaces them. As `calculateDependentReplacements` of the Pulumi engine
 * does (pkg/resource/deploy/step_generator.go), it treats such an input as unknown, here as absent.
 * @param records all resources in order.
 * @param handlerOf returns undefined for a resource that no longer depends on anything of the last update.
 */
export function dependentsToReplace(
  root: ResourceRecord,
  records: readonly ResourceRecord[],
  handlerOf: (record: ResourceRecord) => ResourceHandler | undefined,
): ResourceRecord[] {
  const replaced = new Set([root.urn]);
  return records.filter((record) => {
    const handler = record === root ? undefined : handlerOf(record);
    if (!handler || !isReplaced(record, handler, replaced)) return false;
    replaced.add(record.urn);
    return true;
  });
}

function isReplaced(
  record: ResourceRecord,
  handler: ResourceHandler,
  replaced: ReadonlySet<string>,
): boolean {
  const unknown = Object.entries(record.inputDependencies)
    .filter(([, urns]) => urns.some((urn) => replaced.has(urn)))
    .map(([input]) => [input, undefined]);
  if (unknown.length === 0) return false;
  const changes = Object.fromEntries(unknown) as Record<string, undefined>;
  const next = { inputs: { ...record.inputs, ...changes }, comparable: { ...record.comparable, ...changes } };
  return changeOf(handler, record, { ...record, ...next }).kind === "replace";
}
