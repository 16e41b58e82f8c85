/**
 * Copies a text to the clipboard; also where the page is not served over HTTPS and so has no asynchronous clipboard.
 * https://developer.mozilla.org/en-US/docs/Web/API/Clipboard_API#security_considerations
 * @param near an element inside the open dialog, if there is one: nothing outside of it can be selected.
 * @returns whether it is copied.
 */
export async function copyText(text: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, near);
  }
}

function copySelected(text: string, near: HTMLElement): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "for-readers";
  near.after(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    near.focus();
  }
}
