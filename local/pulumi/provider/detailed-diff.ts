import { isAbsent } from "../../aws/inputs";
import type { Change } from "../changes";
import type { ComparableInputs } from "../contents";
import { isPlain } from "../equality";

/** How one property of a resource changes. */
export interface PropertyChange {
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/**
 * Returns every change of a value inside the inputs by its path, such as `environment.variables.TABLE` or `origins[0].domainName`.
 * An asset or archive is one value.
 */
export function detailedDiff(
  previous: ComparableInputs,
  next: ComparableInputs,
  change: Change,
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();
  const names = new Set(change.changed.map((path) => path.split(".")[0]));
  for (const name of names) {
    const collect = (path: string, kind: PropertyChange["kind"], field?: string): void => {
      const replaces = [name, `${name}.${field}`].some((one) => change.replacing.includes(one));
      changes.set(path, { kind, replaces });
    };
    compare(previous[name], next[name], [name], collect);
  }
  return changes;
}

type Step = string | number;
type Collect = (path: string, kind: PropertyChange["kind"], field?: string) => void;

function compare(one: unknown, other: unknown, steps: readonly Step[], collect: Collect): void {
  if (isAbsent(one) && isAbsent(other)) return;
  const field = steps.slice(1).find((step) => typeof step === "string") as string | undefined;
  if (isAbsent(one)) return collect(pathOf(steps), "add", field);
  if (isAbsent(other)) return collect(pathOf(steps), "delete", field);
  if (isContainer(one) && isContainer(other) && Array.isArray(one) === Array.isArray(other))
    for (const key of keysOf(one, other)) compare(one[key], other[key], [...steps, key], collect);
  else if (JSON.stringify(one) !== JSON.stringify(other)) collect(pathOf(steps), "update", field);
}

/** A plain object or a list. A digest stands for an asset or archive. */
function isContainer(value: unknown): value is Record<Step, unknown> {
  return Array.isArray(value) || (isPlain(value) && !("contentDigest" in value));
}

function keysOf(one: object, other: object): Step[] {
  if (Array.isArray(one) && Array.isArray(other))
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index);
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** Returns a path in Pulumi's notation, which quotes names with other characters than letters, digits, `_`, `-` and `$`. */
function pathOf(steps: readonly Step[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[\w$-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}
