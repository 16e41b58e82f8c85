import { reasonOf } from "../../command-line/command-error";
import type { FindingOf } from "../cli/finding";

/**
 * Result of a check. `to do`: the first `up` would fail, or the deployment would not serve. `note`: nothing fails because of it, or no
 * API tells. `not checked`: a call failed.
 */
export type Finding = FindingOf<"ok" | "note" | "to do" | "not checked">;

/** Read-only check of an account. */
export interface Check {
  /** What is checked, as the beginning of a sentence. */
  readonly subject: string;
  /** IAM actions of all calls that the check can make. The policy in docs/deploy.md lists them. */
  readonly actions: readonly string[];
  /** @throws Error of a call that failed. */
  run(): Promise<readonly Finding[]>;
}

/** Runs all checks at once. A failed call becomes a finding, so that the other checks still count. */
export async function runChecks(checks: readonly Check[]): Promise<Finding[]> {
  const findings = await Promise.all(
    checks.map((check) => check.run().catch((error: unknown) => [notChecked(check, error)])),
  );
  return findings.flat();
}

/** Errors by which the services deny an action. */
const DENIED = /AccessDenied|NotAuthorized|Unauthorized/;

function notChecked({ subject, actions }: Check, error: unknown): Finding {
  const { name = "" } = error as Error;
  return {
    status: "not checked",
    text: `${subject} could not be checked (${reasonOf(error)}).`,
    fix: DENIED.test(name)
      ? `Allow ${actions.join(", ")} to these credentials; docs/deploy.md has the whole policy.`
      : "Run this command again. If the call fails again, check it in the AWS console.",
  };
}

export function ok(text: string): Finding {
  return { status: "ok", text };
}

export function note(text: string, fix?: string): Finding {
  return { status: "note", text, fix };
}

export function toDo(text: string, fix: string): Finding {
  return { status: "to do", text, fix };
}
