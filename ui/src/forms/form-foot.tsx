import type { ComponentChildren, VNode } from "preact";

/** What a form ends with. */
export interface FormFootProps {
  /** What the button that saves says. */
  readonly label: string;
  readonly busy: boolean;
  /** Shown above the buttons. */
  readonly problem: string | undefined;
  /** Other buttons. */
  readonly children?: ComponentChildren;
}

/** The button that saves, other buttons, and what is wrong besides the fields. */
export function FormFoot({ label, busy, problem, children }: FormFootProps): VNode {
  const longest = label.length > SAVING.length ? label : SAVING;
  return (
    <div class="form-foot">
      <p class="problem" role="alert">
        {problem}
      </p>
      {children}
      <button class="primary" type="submit" aria-disabled={busy}>
        <span class="steady" data-longest={longest}>
          {busy ? SAVING : label}
        </span>
      </button>
    </div>
  );
}

const SAVING = "Saving…";
