import { ApiProblem, FieldError, Priority, Ticket, TicketDraft } from "./api-types";
import { byId, setMessage } from "./dom";

/** What the form needs of the rest of the page. */
export interface CreateFormOptions {
  /** Saves the ticket. What it throws is shown, and everything typed stays. */
  readonly create: (draft: TicketDraft) => Promise<Ticket>;
  /** Words for an error that is not about a field. */
  readonly describe: (error: unknown) => string;
}

type FieldElement = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The form that creates tickets. */
export class CreateForm {
  private readonly form = byId("create-form", HTMLFormElement);
  private readonly submit = byId("create-submit", HTMLButtonElement);
  private readonly problem = byId("create-problem", HTMLElement);
  private readonly fields = [...this.form.elements].filter(isField);
  private busy = false;

  constructor(private readonly options: CreateFormOptions) {
    // A wide window has room for the form; on a phone it would stand between the reader and the tickets.
    byId("create", HTMLDetailsElement).open = matchMedia("(min-width: 56rem)").matches;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    for (const field of this.fields)
      field.addEventListener("input", () => this.showFieldError(field, undefined));
  }

  private async save(): Promise<void> {
    if (this.busy) return;
    this.setBusy(true);
    this.clearProblems();
    try {
      await this.options.create(this.draft());
      this.form.reset();
      this.fields[0]?.focus();
    } catch (error) {
      this.showProblem(error);
    } finally {
      this.setBusy(false);
    }
  }

  /** What was typed; fields left empty are left to the API's defaults, but for the subject, which it asks for. */
  private draft(): TicketDraft {
    const value = (name: string): string => this.fields.find((field) => field.name === name)?.value ?? "";
    const optional = (name: string): string | undefined => value(name) || undefined;
    return {
      subject: value("subject"),
      description: optional("description"),
      customer: optional("customer"),
      assignee: optional("assignee"),
      priority: optional("priority") as Priority | undefined,
    };
  }

  private showProblem(error: unknown): void {
    const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
    const elsewhere = errors.filter((fieldError) => !this.showAtField(fieldError));
    this.form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    if (errors.length === 0) setMessage(this.problem, this.options.describe(error));
    else setMessage(this.problem, elsewhere.map(({ field, detail }) => `${field}: ${detail}`).join(" "));
  }

  private showAtField({ field: name, detail }: FieldError): boolean {
    const field = this.fields.find((known) => known.name === name);
    if (field) this.showFieldError(field, detail);
    return field !== undefined;
  }

  private showFieldError(field: FieldElement, detail: string | undefined): void {
    setMessage(byId(`${field.id}-error`, HTMLElement), detail);
    if (detail) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  private clearProblems(): void {
    setMessage(this.problem, undefined);
    for (const field of this.fields) this.showFieldError(field, undefined);
  }

  /** While a ticket is saved its text cannot be changed, since it is cleared afterwards. The focus stays. */
  private setBusy(busy: boolean): void {
    this.busy = busy;
    this.submit.setAttribute("aria-disabled", String(busy));
    this.submit.textContent = busy ? "Saving…" : "Create ticket";
    for (const field of this.fields) if (!(field instanceof HTMLSelectElement)) field.readOnly = busy;
  }
}

function isField(element: Element): element is FieldElement {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement
  );
}
