// @ts-check
/** What the page has to say: trouble that lasts, and notices that go. */

import { byId, make, setText } from "./elements.js";

const NOTICE_MS = 8_000;
const MOST = 4;

/**
 * Said once, to screen readers too, and gone after a while.
 *
 * @param {string} text
 */
export function notify(text) {
  const notice = make("p", { className: "notice" }, text);
  const close = make("button", { type: "button", className: "plain", ariaLabel: "Dismiss" }, "×");
  close.onclick = () => notice.remove();
  notice.append(close);
  const list = byId("notices");
  list.append(notice);
  while (list.children.length > MOST) list.firstElementChild?.remove();
  setTimeout(() => notice.remove(), NOTICE_MS);
}

/**
 * Stands until it is over.
 *
 * @param {string} [text] none when it is
 */
export function showTrouble(text) {
  byId("trouble").hidden = text === undefined;
  setText(byId("trouble"), text ?? "");
}
