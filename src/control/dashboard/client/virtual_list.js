// @ts-check
/** A list of any length of which only the rows in sight are elements; with the keyboard, and told to screen readers. */

import { setAttributes } from "./elements.js";

/** As the style sheet has it. */
const ROW = 36;
/** Rows made above and below those in sight. */
const SPARE = 6;
/** So near to its end a list asks for more. */
const NEAR_END = 40;

/**
 * @template T
 * @typedef {object} ListOptions
 * @property {(item: T) => string} key
 * @property {() => HTMLElement} make a row
 * @property {(row: HTMLElement, item: T) => void} update
 * @property {(item: T) => void} onChoose
 * @property {() => void} onNearEnd
 */

/** @template T */
export class VirtualList {
  #viewport;
  #options;
  #space = document.createElement("div");
  /** @type {readonly T[]} */
  #items = [];
  /** How many there will be when all are loaded; undefined if nobody knows. @type {number | undefined} */
  #total;
  /** The row that the keyboard is at. */
  #active = -1;
  #chosen = "";
  #frame = 0;

  /**
   * @param {HTMLElement} viewport a focusable listbox
   * @param {ListOptions<T>} options
   */
  constructor(viewport, options) {
    this.#viewport = viewport;
    this.#options = options;
    this.#space.className = "space";
    this.#space.role = "presentation";
    viewport.append(this.#space);
    viewport.addEventListener("scroll", () => this.#soon(), { passive: true });
    viewport.addEventListener("keydown", (event) => this.#key(event));
    this.#space.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#soon()).observe(viewport);
  }

  /**
   * @param {readonly T[]} items
   * @param {number | undefined} total
   */
  show(items, total) {
    this.#items = items;
    this.#total = total;
    if (this.#active >= items.length) this.#active = items.length - 1;
    this.#soon();
  }

  /** Forgets where it was. */
  reset() {
    this.#active = -1;
    this.#chosen = "";
    this.#viewport.scrollTop = 0;
    this.show([], undefined);
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render();
    });
  }

  #render() {
    const { scrollTop, clientHeight } = this.#viewport;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const last = Math.min(this.#items.length, Math.ceil((scrollTop + clientHeight) / ROW) + SPARE);
    this.#space.style.height = this.#items.length * ROW + "px";
    const rows = /** @type {HTMLElement[]} */ ([...this.#space.children]);
    const wanted = Math.max(0, last - first);
    while (rows.length > wanted) rows.pop()?.remove();
    while (rows.length < wanted) {
      const row = this.#options.make();
      row.role = "option";
      this.#space.append(row);
      rows.push(row);
    }
    rows.forEach((row, i) => this.#place(row, first + i));
    const active = this.#active >= first && this.#active < last;
    setAttributes(this.#viewport, { "aria-activedescendant": active ? idOf(this.#active) : undefined });
    if (last >= this.#items.length - NEAR_END) this.#options.onNearEnd();
  }

  /**
   * @param {HTMLElement} row
   * @param {number} index
   */
  #place(row, index) {
    const item = this.#items[index];
    row.style.transform = `translateY(${index * ROW}px)`;
    row.dataset.index = String(index);
    setAttributes(row, {
      id: idOf(index),
      "aria-posinset": index + 1,
      "aria-setsize": this.#total ?? -1,
      "aria-selected": String(this.#options.key(item) === this.#chosen),
    });
    row.classList.toggle("active", index === this.#active);
    this.#options.update(row, item);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    if (row instanceof HTMLElement) this.#choose(Number(row.dataset.index));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const page = Math.max(1, Math.floor(this.#viewport.clientHeight / ROW) - 1);
    const to = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#items.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#goTo(to);
    } else if ((event.key === "Enter" || event.key === " ") && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#active);
    }
  }

  /** @param {number} index */
  #goTo(index) {
    this.#active = Math.max(0, Math.min(this.#items.length - 1, index));
    const top = this.#active * ROW;
    const { scrollTop, clientHeight } = this.#viewport;
    if (top < scrollTop) this.#viewport.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.#viewport.scrollTop = top + ROW - clientHeight;
    this.#soon();
  }

  /** @param {number} index */
  #choose(index) {
    const item = this.#items[index];
    if (item === undefined) return;
    this.#active = index;
    this.#chosen = this.#options.key(item);
    this.#soon();
    this.#options.onChoose(item);
  }
}

/** @param {number} index */
function idOf(index) {
  return "worker-" + index;
}
