// @ts-check
/** Making and changing elements. Whatever comes from outside goes in as text or as an attribute's value, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * The element of an id, which the document has.
 *
 * @param {string} id
 * @returns {any} of the class that the document says
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Partial<HTMLElementTagNameMap[N]>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} N
 * @param {N} name
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[N]}
 */
export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  element.append(...children);
  return element;
}

/**
 * Only what changed, so that a screen reader isn't told the same every second.
 *
 * @param {Element} element
 * @param {string | number} text
 */
export function setText(element, text) {
  if (element.textContent !== String(text)) element.textContent = String(text);
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | undefined>} attributes undefined takes one away
 */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

/**
 * Keeps one child for each item, so that focus, selection and open details survive.
 *
 * @template T
 * @param {HTMLElement} parent
 * @param {readonly T[]} items
 * @param {{ key: (item: T) => string | number, make: (item: T) => HTMLElement, update: (element: HTMLElement, item: T) => void }} how
 */
export function keep(parent, items, { key, make, update }) {
  const children = /** @type {HTMLElement[]} */ ([...parent.children]);
  const old = new Map(children.map((child) => [child.dataset.item, child]));
  items.forEach((item, i) => {
    const name = String(key(item));
    const child = old.get(name) ?? make(item);
    old.delete(name);
    child.dataset.item = name;
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
    update(child, item);
  });
  for (const child of old.values()) child.remove();
}

/**
 * Sets the cells of a table's row; the first is its heading.
 *
 * @param {HTMLElement} row
 * @param {readonly (string | number)[]} texts
 */
export function setCells(row, texts) {
  texts.forEach((text, i) => {
    const cell = row.children[i] ??
      row.appendChild(i === 0 ? make("th", { scope: "row" }) : make("td"));
    setText(cell, text);
  });
}
