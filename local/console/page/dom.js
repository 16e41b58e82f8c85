// Helpers that build and update the console page. Nodes are created once and then changed in place, which keeps the focus, a
// selection and scroll positions.

/** Creates an element with attributes and children. Strings become text nodes, never HTML. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Like `element`, for SVG. */
export function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** Sets a text only if it differs, because screen readers announce a status every time it is set. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute only if it differs; undefined removes it. */
export function setAttribute(node, name, value) {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Sets the text and the color of a pill. */
export function setPill(node, text, className) {
  setText(node, text);
  setAttribute(node, "class", `pill ${className}`);
}

/** Creates a link that shows its URL. */
export function link(url) {
  return element("a", { href: url }, url);
}

/**
 * Keeps the children of an element in step with a list of items, and the focus in the list.
 * @param parent has one child for each item, in the order of the items.
 * @param create creates the child of an item: `{ node, update(item) }`.
 * @returns a function that takes the items and a function that returns the key of an item.
 */
export function keyedList(parent, create) {
  const shown = new Map();
  return (items, keyOf) =>
    keepFocus(parent, () => {
      const keys = new Set(items.map(keyOf));
      for (const [key, { node }] of shown)
        if (!keys.has(key)) {
          node.remove();
          shown.delete(key);
        }
      items.forEach((item, index) => {
        const key = keyOf(item);
        if (!shown.has(key)) shown.set(key, create(item));
        const { node, update } = shown.get(key);
        update(item);
        if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
      });
    });
}

/**
 * Changes the children of an element. If the focused element disappears, the same control of the next child, or else of the previous
 * one, gets the focus, because the browser would start again at the top of the page. The page does not scroll.
 * @param otherwise gets the focus if no child is left; by default the heading of the list or table.
 */
export function keepFocus(parent, change, otherwise = headingOf(parent)) {
  const { activeElement } = document;
  const before = [...parent.children];
  const index = before.findIndex((child) => child.contains(activeElement));
  if (index === -1) return change();
  const control = controlsIn(before[index]).indexOf(activeElement);
  change();
  // The focus is still there, or a list inside has kept it.
  if (document.activeElement !== document.body) return undefined;
  // A child that has moved loses the focus, too.
  if (parent.contains(activeElement)) return activeElement.focus({ preventScroll: true });
  const neighbors = [...before.slice(index + 1), ...before.slice(0, index).reverse()];
  const closest = neighbors.find((child) => child.parentNode === parent) ?? [...parent.children].at(index);
  const controls = closest ? controlsIn(closest) : [];
  return (controls[control] ?? controls[0] ?? otherwise)?.focus({ preventScroll: true });
}

function controlsIn(node) {
  const found = node.querySelectorAll("a[href], button, input, select, summary, [tabindex]");
  return [...found].filter((control) => control.checkVisibility());
}

/** Returns the heading that labels a list, or the table around it. The heading must have a `tabindex`. */
function headingOf(parent) {
  return document.getElementById(parent.closest("[aria-labelledby]")?.getAttribute("aria-labelledby"));
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
