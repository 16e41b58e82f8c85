import type { FindingOf } from "../cli/finding";

/** Result of a check. `warning`: everything responds, but needs attention. */
export type Finding = FindingOf<"ok" | "warning" | "wrong">;

export function ok(text: string): Finding {
  return { status: "ok", text };
}

export function warning(text: string, fix: string): Finding {
  return { status: "warning", text, fix };
}

export function wrong(text: string, fix: string): Finding {
  return { status: "wrong", text, fix };
}
