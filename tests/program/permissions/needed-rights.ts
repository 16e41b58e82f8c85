import type { Evaluation } from "../../../local/aws/iam/decision-log";
import { evaluate, type AccessRequest, type Verdict } from "../../../local/aws/iam/evaluate";
import { parsePolicy, type Statement } from "../../../local/aws/iam/policy";
import { withProgramNames, type Right } from "./rights";

/** Right as a statement of its own. */
interface ParsedRight {
  readonly right: Right;
  readonly statement: Statement;
}

/** Call in a role, with the names of the program. */
export interface RecordedCall extends AccessRequest {
  /** Name of the role in the program. */
  readonly role: string;
  readonly allowed: boolean;
}

/** Returns the different calls of a recording, with the names of the program. */
export function recordedCalls(evaluations: Iterable<Evaluation>): RecordedCall[] {
  const calls = new Map<string, RecordedCall>();
  for (const { roleArn, action, resource, context, allowed } of evaluations) {
    const role = withProgramNames(roleArn.slice(roleArn.lastIndexOf("/") + 1));
    const call = { role, action, resource: withProgramNames(resource), context, allowed };
    calls.set(JSON.stringify(call), call);
  }
  return [...calls.values()];
}

/**
 * Returns the rights that the recorded calls do not prove. An Allow is needed if an allowed call of its role is refused without it. A
 * Deny is needed if an allowed call of any role is refused to its role, and is allowed without it.
 */
export function unprovenRights(rights: readonly Right[], calls: readonly RecordedCall[]): Right[] {
  const byRole = new Map<string, ParsedRight[]>();
  for (const right of rights) byRole.set(right.role, [...(byRole.get(right.role) ?? []), parsed(right)]);
  const allowed = calls.filter((call) => call.allowed);
  return [...byRole].flatMap(([role, ofRole]) => {
    const ownCalls = allowed.filter((call) => call.role === role);
    return ofRole
      .filter((one) => {
        const others = ofRole.filter((other) => other !== one);
        const [candidates, verdict, without]: [RecordedCall[], Verdict, Verdict] =
          one.right.effect === "Allow"
            ? [ownCalls, "allowed", "not-allowed"]
            : [allowed, "explicitly-denied", "allowed"];
        return !candidates.some(
          (call) =>
            verdictOf([one], call) !== "not-allowed" &&
            verdictOf(ofRole, call) === verdict &&
            verdictOf(others, call) === without,
        );
      })
      .map(({ right }) => right);
  });
}

/** Returns the calls that the rights decide otherwise than the local cloud did. */
export function differentlyDecided(rights: readonly Right[], calls: readonly RecordedCall[]): RecordedCall[] {
  return calls.filter(
    (call) =>
      (verdictOf(rights.filter(({ role }) => role === call.role).map(parsed), call) === "allowed") !==
      call.allowed,
  );
}

function parsed(right: Right): ParsedRight {
  const { effect: Effect, action: Action, resource: Resource, condition: Condition, role } = right;
  const [statement] = parsePolicy({ Statement: { Effect, Action, Resource, Condition } }, "identity", role);
  return { right, statement };
}

function verdictOf(rights: readonly ParsedRight[], call: RecordedCall): Verdict {
  return evaluate(
    rights.map(({ statement }) => statement),
    call,
  );
}
