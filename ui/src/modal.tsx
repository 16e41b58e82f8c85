import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What a modal dialog is made from. */
export interface ModalProps {
  /** Id of the element with its title. */
  readonly titleId: string;
  /** More classes of its element. */
  readonly class?: string;
  /** Called when the user wants to close it with Escape; it stays open until it is taken away. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * A modal dialog, open as long as it is there. When it goes, the focus returns to where it was, or to the list when that is gone.
 * https://html.spec.whatwg.org/multipage/interactive-elements.html#the-dialog-element
 */
export function Modal({ titleId, class: names = "", onClose, children }: ModalProps): VNode {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
      (isThere ? opener : document.getElementById("tickets"))?.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`modal ${names}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={({ currentTarget }) => {
        // A second Escape closes it without asking: https://html.spec.whatwg.org/multipage/interaction.html#close-requests
        if (!currentTarget.isConnected) return;
        currentTarget.showModal();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
