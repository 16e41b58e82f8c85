import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Properties of a modal dialog. */
export interface ModalProps {
  /** Id of the title element. */
  readonly titleId: string;
  /** Additional CSS classes. */
  readonly class?: string;
  /** Called when the user presses Escape. The dialog stays open until it is unmounted. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * Modal dialog, open while it is mounted. Afterwards the focus returns to the element that had it, or to the list when that
 * element no longer exists.
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
      const canFocus = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
      (canFocus ? opener : document.getElementById("tickets"))?.focus();
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
        // The browser closes the dialog on a second Escape without a cancel event: https://html.spec.whatwg.org/multipage/interaction.html#close-requests
        if (!currentTarget.isConnected) return;
        currentTarget.showModal();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
