import type { Step } from "../pulumi/update";

/** Participle of each operation that changes something. A replacement is named once. */
const OPERATIONS: Readonly<Partial<Record<Step["operation"], string>>> = {
  create: "created",
  update: "updated",
  "create-replacement": "replaced",
  delete: "deleted",
  discard: "forgot",
};

/** Number of resources that are named. */
const MAXIMUM_NAMED = 4;

/** Returns what an update did, such as `updated Function "ireland-get" (code)`. */
export function describeSteps(steps: readonly Step[]): string {
  const groups = Object.entries(OPERATIONS).map(([operation, participle]) => {
    const matching = steps.filter((step) => step.operation === operation);
    if (matching.length === 0) return undefined;
    if (matching.length > MAXIMUM_NAMED) return `${participle} ${matching.length} resources`;
    return `${participle} ${matching.map(named).join(", ")}`;
  });
  return groups.filter((group) => group !== undefined).join("; ") || "nothing to change";
}

function named({ type, name, changed }: Step): string {
  const inputs = changed.length === 0 ? "" : ` (${changed.join(", ")})`;
  return `${type.split(":").pop()} "${name}"${inputs}`;
}
