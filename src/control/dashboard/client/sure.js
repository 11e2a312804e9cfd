// @ts-check
/** Asking before acting. */

import { byId, setText } from "./elements.js";
import { notify } from "./notices.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} text what will happen
 * @property {string} yes what the button says
 * @property {boolean} [grave] can't be undone
 * @property {{ label: string, hint: string, value: number | null, min: number, max: number, required: boolean }} [field]
 * @property {(value: number | null) => Promise<string>} act does it, and says what has been done
 */

/**
 * Asks, acts if the answer is yes, and says what came of it; a failure is shown where the question stands.
 *
 * @param {Question} question
 */
export function sure({ title, text, yes, grave = false, field, act }) {
  const dialog = byId("ask");
  const input = byId("ask-input");
  const button = byId("ask-yes");
  setText(byId("ask-title"), title);
  setText(byId("ask-text"), text);
  setText(byId("ask-failure"), "");
  setText(button, yes);
  button.className = grave ? "grave filled" : "first";
  button.disabled = false;
  byId("ask-field").hidden = field === undefined;
  input.disabled = field === undefined;
  if (field !== undefined) {
    setText(byId("ask-label"), field.label);
    setText(byId("ask-hint"), field.hint);
    Object.assign(input, {
      min: field.min,
      max: field.max,
      required: field.required,
      value: field.value ?? "",
    });
  }
  byId("ask-no").onclick = () => dialog.close();
  dialog.querySelector("form").onsubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    button.disabled = true;
    setText(byId("ask-failure"), "");
    try {
      const done = await act(field === undefined || input.value === "" ? null : Number(input.value));
      dialog.close();
      notify(done);
    } catch (error) {
      setText(byId("ask-failure"), error instanceof Error ? error.message : String(error));
    }
    button.disabled = false;
  };
  dialog.showModal();
  (field === undefined ? grave ? byId("ask-no") : button : input).focus();
}
