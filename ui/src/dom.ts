/** A constructor of an element, such as HTMLFormElement. */
type ElementType<T extends Element> = new () => T;

/**
 * The element of the page that has an id.
 * @throws Error when there is none of that type.
 */
export function byId<T extends HTMLElement>(id: string, type: ElementType<T>): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`The page has no ${type.name} with the id ${id}.`);
}

/**
 * The element inside a filled-in template that has a `data-part`.
 * @throws Error when there is none of that type.
 */
export function part<T extends HTMLElement>(root: ParentNode, name: string, type: ElementType<T>): T {
  const element = root.querySelector(`[data-part="${name}"]`);
  if (element instanceof type) return element;
  throw new Error(`The template has no ${type.name} named ${name}.`);
}

/** Shows a text in an element, which is hidden without one. An unchanged text is not announced again. */
export function setMessage(element: HTMLElement, text: string | undefined): void {
  if (element.textContent !== (text ?? "")) element.textContent = text ?? "";
  element.hidden = !text;
}

/** Marks the one button of a group that has a value as pressed. */
export function press(group: HTMLElement, value: string): void {
  for (const button of group.querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(button.value === value));
}

/** Calls back with the value of a button of a group when it is pressed, unless it is pressed already. */
export function onPress(group: HTMLElement, callback: (value: string) => void): void {
  group.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button && button.getAttribute("aria-pressed") !== "true") callback(button.value);
  });
}
