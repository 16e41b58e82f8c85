import type { VNode } from "preact";
import { useApp } from "../app-context";

/** Error of a ticket, shown until the user dismisses it. */
export function CardProblem({ id }: { readonly id: string }): VNode | null {
  const { problems } = useApp();
  const text = problems.shown.value.get(id);
  if (text === undefined) return null;
  const dismiss = (event: Event): void => {
    const card = (event.currentTarget as HTMLElement).closest<HTMLElement>(".card");
    problems.dismiss(id);
    card?.focus();
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
