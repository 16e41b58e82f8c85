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
 * Keeps the children of an element in step with a list of items.
 * @param parent has one child for each item, in the order of the items.
 * @param create creates the child of an item: `{ node, update(item) }`.
 * @returns a function that takes the items and a function that returns the key of an item.
 */
export function keyedList(parent, create) {
  const shown = new Map();
  return (items, keyOf) => {
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
  };
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
