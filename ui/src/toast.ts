import { byId } from "./dom";

/** How long a note stays, in milliseconds. */
const STAYS = 5_000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says briefly that something was done. Only for what can be seen elsewhere too: it goes away by itself. */
export function toast(text: string): void {
  const element = byId("toast", HTMLElement);
  element.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (element.textContent = ""), STAYS);
}
