import type { ComponentChildren, VNode } from "preact";

/** Properties of the end of a form. */
export interface FormFootProps {
  /** Label of the submit button. */
  readonly label: string;
  readonly busy: boolean;
  /** Error that concerns no field, shown above the buttons. */
  readonly problem: string | undefined;
  /** Additional buttons. */
  readonly children?: ComponentChildren;
}

/** Submit button, additional buttons and the error that concerns no field. */
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
