// @ts-check
/** Calls to the factory, with a token if it wants one. */

import { byId } from "./elements.js";

/** @type {string | undefined} in memory only: gone with the page */
let token;
/** @type {Promise<void> | undefined} */
let asking;

/** An answer that is no success: the problem's detail, its code and status. */
export class Refusal extends Error {
  /**
   * @param {string} detail
   * @param {{ status: number, code?: string }} problem
   */
  constructor(detail, { status, code = "" }) {
    super(detail);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}

/** @typedef {{ method?: string, body?: unknown, signal?: AbortSignal }} Call */

/**
 * A JSON answer.
 *
 * @param {string} path
 * @param {Call} [call]
 * @returns {Promise<any>} rejects with a {@link Refusal}, or a TypeError when nobody answers
 */
export async function ask(path, call = {}) {
  return await (await send(path, call)).json();
}

/**
 * An event stream's body.
 *
 * @param {string} path
 * @param {AbortSignal} signal
 * @returns {Promise<ReadableStream<Uint8Array>>}
 */
export async function open(path, signal) {
  const { body } = await send(path, { signal });
  if (body === null) throw new Error("the answer has no body");
  return body;
}

/** Asks for a token, whatever the last one was good for. */
export function askForToken() {
  return request("The token decides what this page may do.");
}

/**
 * @param {string} path
 * @param {Call} call
 * @returns {Promise<Response>}
 */
async function send(path, { method = "GET", body, signal }) {
  for (;;) {
    const used = token;
    /** @type {Record<string, string>} */
    const headers = used === undefined ? {} : { authorization: "Bearer " + used };
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: "no-store",
      signal: signal ?? null,
    });
    if (response.ok) return response;
    if (response.status !== 401) throw await refusalOf(response);
    if (used === token) await request(used === undefined ? undefined : "That was not this factory's token.");
  }
}

/** @param {Response} response */
async function refusalOf(response) {
  const { status } = response;
  try {
    const { detail, code } = await response.json();
    return new Refusal(detail, { status, code });
  } catch {
    return new Refusal("the server answered " + status, { status });
  }
}

/**
 * Asks once, however many calls need the answer.
 *
 * @param {string} [hint]
 */
function request(hint) {
  asking ??= new Promise((resolve) => {
    const dialog = byId("token-dialog");
    const input = byId("token");
    if (hint !== undefined) byId("token-hint").textContent = hint;
    dialog.querySelector("form").onsubmit = () => {
      token = input.value.replaceAll(/[^\x20-\xff]/g, "").trim(); // a header takes no other characters
      byId("other-token").hidden = false;
    };
    dialog.onclose = () => {
      input.value = "";
      asking = undefined;
      resolve(); // whoever needed a token and got none asks again
    };
    dialog.showModal();
    input.focus();
  });
  return asking;
}
