import type { VNode } from "preact";
import type { TicketFields } from "../data/api-types";
import { capitalized, FIELD_LABELS, PRIORITIES, STATUSES } from "../words";
import { AssigneeInput } from "./assignee-input";
import type { FieldErrors } from "./use-saving";

/** What the fields of a ticket are made from. */
export interface TicketFieldsProps {
  /** Begins the ids of the fields; one form has each id. */
  readonly prefix: string;
  readonly values: TicketFields;
  readonly errors: FieldErrors;
  /** Whether the fields are being saved and cannot be changed meanwhile. */
  readonly busy: boolean;
  /** Whether the status can be chosen too. */
  readonly withStatus: boolean;
  readonly onChange: <F extends keyof TicketFields>(field: F, value: TicketFields[F]) => void;
}

type TextField = "subject" | "description" | "customer" | "assignee";
type ChoiceField = "priority" | "status";

/** The fields of a ticket, each with its label and, below it, what is wrong with it. */
export function TicketFieldInputs(props: TicketFieldsProps): VNode {
  return (
    <>
      <TextInput {...props} field="subject" />
      <TextInput {...props} field="description" />
      <TextInput {...props} field="customer" />
      <div class="field-pair">
        <TextInput {...props} field="assignee" />
        <Choice {...props} field="priority" options={PRIORITIES} />
      </div>
      {props.withStatus && <Choice {...props} field="status" options={STATUSES} />}
    </>
  );
}

function TextInput(props: TicketFieldsProps & { readonly field: TextField }): VNode {
  const { prefix, field, values, errors, busy, onChange } = props;
  const id = `${prefix}-${field}`;
  const common = {
    id,
    name: field,
    value: values[field],
    readOnly: busy,
    dir: "auto" as const,
    "aria-invalid": errors[field] ? true : undefined,
    "aria-describedby": `${id}-error`,
  };
  const onType = (value: string): void => onChange(field, value);
  return (
    <Field {...props}>
      {field === "description" ? (
        <textarea {...common} rows={4} onInput={(event) => onType(event.currentTarget.value)} />
      ) : field === "assignee" ? (
        <AssigneeInput {...common} onType={onType} />
      ) : (
        <input
          {...common}
          type="text"
          required={field === "subject"}
          autocomplete="off"
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Choice<F extends ChoiceField>(
  props: TicketFieldsProps & { readonly field: F; readonly options: readonly TicketFields[F][] },
): VNode {
  const { prefix, field, options, values, errors, busy, onChange } = props;
  const id = `${prefix}-${field}`;
  return (
    <Field {...props}>
      <select
        id={id}
        name={field}
        value={values[field]}
        aria-invalid={errors[field] ? true : undefined}
        aria-describedby={`${id}-error`}
        aria-disabled={busy}
        onChange={({ currentTarget }) => {
          // A select cannot be read-only, and a disabled one would lose the focus.
          if (busy) currentTarget.value = values[field];
          // Every option is one of the field's values.
          else onChange(field, currentTarget.value as TicketFields[F]);
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {capitalized(option)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Field(
  props: Pick<TicketFieldsProps, "prefix" | "errors"> & {
    readonly field: keyof TicketFields;
    readonly children: VNode;
  },
): VNode {
  const { prefix, field, errors, children } = props;
  const id = `${prefix}-${field}`;
  return (
    <div class="field">
      <label for={id}>
        {FIELD_LABELS[field]}
        {field === "subject" && (
          <span class="hint" aria-hidden="true">
            required
          </span>
        )}
      </label>
      {children}
      <p id={`${id}-error`} class="field-error">
        {errors[field]}
      </p>
    </div>
  );
}
