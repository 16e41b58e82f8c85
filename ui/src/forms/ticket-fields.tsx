import type { VNode } from "preact";
import {
  ChoiceField,
  isTextField,
  TextField,
  TICKET_ATTRIBUTES,
  TICKET_FIELDS,
  TicketField,
  TicketFields,
} from "../data/api-types";
import { capitalized } from "../field-value";
import { AssigneeInput } from "./assignee-input";
import type { FieldErrors } from "./use-saving";

/** Properties of the field inputs. */
export interface TicketFieldsProps {
  /** Prefix of the element ids, unique per form. */
  readonly prefix: string;
  readonly values: TicketFields;
  readonly errors: FieldErrors;
  /** Whether the fields are being saved and cannot be changed. */
  readonly busy: boolean;
  /** Whether the form edits a ticket; otherwise it creates one. */
  readonly isEdit: boolean;
  readonly onChange: <F extends keyof TicketFields>(field: F, value: TicketFields[F]) => void;
}

/** Inputs of the fields of a ticket, each with its label and error. */
export function TicketFieldInputs(props: TicketFieldsProps): VNode {
  return (
    <>
      {linesOf(props.isEdit).map((line) => {
        const inputs = line.map((field) => <FieldInput key={field} {...props} field={field} />);
        if (inputs.length === 1) return inputs;
        return (
          <div key={line.join()} class="field-pair">
            {inputs}
          </div>
        );
      })}
    </>
  );
}

/** Groups the fields of a form into lines. Two adjacent fields of half width share a line. */
function linesOf(isEdit: boolean): readonly (readonly TicketField[])[] {
  const lines: TicketField[][] = [];
  for (const field of TICKET_FIELDS) {
    const { onlyInEditForm, isHalfWidth } = TICKET_ATTRIBUTES[field];
    if (onlyInEditForm && !isEdit) continue;
    const line = lines.at(-1);
    if (isHalfWidth && line?.length === 1 && TICKET_ATTRIBUTES[line[0]].isHalfWidth) line.push(field);
    else lines.push([field]);
  }
  return lines;
}

function FieldInput({ field, ...props }: TicketFieldsProps & { readonly field: TicketField }): VNode {
  if (isTextField(field)) return <TextInput {...props} field={field} />;
  return <Choice {...props} field={field} />;
}

function TextInput(props: TicketFieldsProps & { readonly field: TextField }): VNode {
  const { prefix, field, values, errors, busy, onChange } = props;
  const attribute = TICKET_ATTRIBUTES[field];
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
      {attribute.kind === "paragraphs" ? (
        <textarea {...common} rows={4} onInput={(event) => onType(event.currentTarget.value)} />
      ) : field === "assignee" ? (
        <AssigneeInput {...common} onType={onType} />
      ) : (
        <input
          {...common}
          type="text"
          required={attribute.required !== undefined}
          autocomplete="off"
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Choice(props: TicketFieldsProps & { readonly field: ChoiceField }): VNode {
  const { prefix, field, values, errors, busy, onChange } = props;
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
          // A select element cannot be read-only, and a disabled one loses the focus.
          if (busy) currentTarget.value = values[field];
          // Every option is a valid value of the field.
          else onChange(field, currentTarget.value as TicketFields[ChoiceField]);
        }}
      >
        {TICKET_ATTRIBUTES[field].choices.map((option) => (
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
  const attribute = TICKET_ATTRIBUTES[field];
  const isRequired = attribute.kind !== "choice" && attribute.required !== undefined;
  const id = `${prefix}-${field}`;
  return (
    <div class="field">
      <label for={id}>
        {attribute.label}
        {isRequired && (
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
