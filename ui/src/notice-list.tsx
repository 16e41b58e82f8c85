import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { PendingRemoval } from "./data/removals";
import { undoRemoval } from "./list/ticket-actions";
import { useApp } from "./app-context";

/** List of notices, with the deletes that can be undone. Ctrl+Z undoes the last one. */
export function NoticeList(): VNode {
  const app = useApp();
  const { notices } = app;
  useEffect(() => {
    const undoLast = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      const last = notices.shown.peek().findLast(({ removal }) => removal !== undefined);
      if (!last?.removal || isTyping(event.target)) return;
      event.preventDefault();
      undoRemoval(app, last.removal);
    };
    document.addEventListener("keydown", undoLast);
    return () => document.removeEventListener("keydown", undoLast);
  }, [app]);
  const shown = notices.shown.value;
  return (
    <div class="notices" role="status" aria-atomic="false">
      {shown.map(({ id, text, removal }) => removal && <UndoNotice key={id} text={text} removal={removal} />)}
      {/* Separate element, so that the buttons above never move under the pointer. */}
      <div class="texts">
        {shown.map(
          ({ id, text, removal }) =>
            !removal && (
              <p key={id} class="notice">
                {text}
              </p>
            ),
        )}
      </div>
    </div>
  );
}

/** Notice with an undo button. Its timer is paused while it is hovered or focused. */
function UndoNotice({ text, removal }: { readonly text: string; readonly removal: PendingRemoval }): VNode {
  const app = useApp();
  const restartUnlessUsed = (event: { readonly currentTarget: HTMLElement }): void => {
    if (!event.currentTarget.matches(":hover, :focus-within")) removal.restartTimer();
  };
  return (
    <p
      class="notice"
      onMouseEnter={() => removal.pauseTimer()}
      onMouseLeave={restartUnlessUsed}
      onFocusIn={() => removal.pauseTimer()}
      onFocusOut={restartUnlessUsed}
    >
      <span>{text}</span>
      <button
        type="button"
        aria-keyshortcuts="Control+Z"
        title="Ctrl+Z"
        onClick={() => undoRemoval(app, removal)}
      >
        Undo
      </button>
    </p>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
