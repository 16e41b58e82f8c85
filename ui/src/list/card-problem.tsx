import type { VNode } from "preact";
import { useApp } from "../app-context";

/** What went wrong with a ticket, until it is dismissed. */
export function CardProblem({ id }: { readonly id: string }): VNode | null {
  const { problems } = useApp();
  const text = problems.shown.value.get(id);
  if (text === undefined) return null;
  const dismiss = (event: Event): void => {
    const holder = (event.currentTarget as HTMLElement).closest<HTMLElement>(".card");
    problems.dismiss(id);
    holder?.focus();
  };
  return (
    <div class="card-problem" role="alert">
      <p>{text}</p>
      <button type="button" onClick={dismiss}>
        OK
      </button>
    </div>
  );
}
