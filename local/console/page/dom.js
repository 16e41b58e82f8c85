// What the parts of the console's page are built with. Nodes are made once and then changed in place, so that the focus, a
// selection and the place in a list stay where the reader has them.

/** An element with attributes and children; text is always text. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Like `element`, for SVG. */
export function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** Sets a text only when it differs: a status is read aloud each time it is set. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute only when it differs; undefined takes it away. */
export function setAttribute(node, name, value) {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** A pill: a word in a colour that has a meaning. */
export function setPill(node, text, className) {
  setText(node, text);
  setAttribute(node, "class", `pill ${className}`);
}

/** A link to where it says. */
export function link(url) {
  return element("a", { href: url }, url);
}

/**
 * Keeps a list in step with its items.
 * @param parent gets one child for each item, in the items' order, and nothing else.
 * @param create makes an item's child: `{ node, update(item) }`.
 * @returns a function to call with the items, and what tells them apart.
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
