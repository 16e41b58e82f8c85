import type { VNode } from "preact";
import { useApp } from "../app-context";

/** Properties of the input for an assignee. */
export interface AssigneeInputProps {
  readonly id: string;
  readonly name?: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly readOnly?: boolean;
  readonly "aria-label"?: string;
  readonly "aria-invalid"?: boolean;
  readonly "aria-describedby"?: string;
  /** Called on every input event. */
  readonly onType: (value: string) => void;
  /** Called when the user chooses a suggestion, presses Enter, or leaves the field after a change. */
  readonly onChoose?: (value: string) => void;
}

/** Input for an assignee that suggests known names. */
export function AssigneeInput({ onType, onChoose, ...given }: AssigneeInputProps): VNode {
  const { store } = useApp();
  const names = `${given.id}-names`;
  return (
    <>
      <input
        {...given}
        type="text"
        dir="auto"
        list={names}
        autocomplete="off"
        onInput={(event) => onType(event.currentTarget.value)}
        onChange={(event) => onChoose?.(event.currentTarget.value)}
      />
      <datalist id={names}>
        {store.assignees.value.map((name) => (
          <option key={name} value={name} dir="auto" />
        ))}
      </datalist>
    </>
  );
}
