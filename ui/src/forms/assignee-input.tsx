import type { VNode } from "preact";
import { useApp } from "../app-context";

/** What an input for a name is made from; the rest is as for any input. */
export interface AssigneeInputProps {
  readonly id: string;
  readonly name?: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly readOnly?: boolean;
  readonly "aria-label"?: string;
  readonly "aria-invalid"?: boolean;
  readonly "aria-describedby"?: string;
  /** Called with every letter. */
  readonly onType: (value: string) => void;
  /** Called when a suggestion was chosen, Enter was pressed, or the field was left with another name. */
  readonly onChoose?: (value: string) => void;
}

/** An input for a name, with the names that are known as suggestions. */
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
