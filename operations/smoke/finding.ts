/** Result of a check. `warning`: everything responds, but needs attention. */
export interface Finding {
  readonly status: "ok" | "warning" | "wrong";
  /** What was checked and what is wrong, in one sentence. */
  readonly text: string;
  /** Instruction or command; absent if there is nothing to do. */
  readonly fix?: string;
}

export function ok(text: string): Finding {
  return { status: "ok", text };
}

export function warning(text: string, fix: string): Finding {
  return { status: "warning", text, fix };
}

export function wrong(text: string, fix: string): Finding {
  return { status: "wrong", text, fix };
}
