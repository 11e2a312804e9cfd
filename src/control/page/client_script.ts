/** `client.js`: calls to the factory, with a token if it wants one. */
export const CLIENT_SCRIPT: string = String.raw`
import { events } from "./stream.js";

let token; // in memory only: gone with the page
let asking;

/** A JSON answer. Throws an Error with the problem's detail. */
export async function call(method, path) {
  return await (await send(method, path)).json();
}

/** Inspections as they come, for as long as the connection lasts. */
export async function* inspections() {
  const response = await send("GET", "/v1/inspections");
  yield* events(response.body);
}

async function send(method, path) {
  for (;;) {
    const used = token;
    const headers = used === undefined ? {} : { authorization: "Bearer " + used };
    const response = await fetch(path, { method, headers, cache: "no-store" });
    if (response.ok) return response;
    if (response.status !== 401) throw new Error(await detailOf(response));
    if (used === token) await ask(used !== undefined);
  }
}

async function detailOf(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return "the server answered " + response.status;
  }
}

/** Asks once, however many calls need the answer. */
function ask(again) {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("ask");
    const input = document.getElementById("token");
    if (again) document.getElementById("ask-hint").textContent = "That was not this factory's token.";
    dialog.oncancel = (event) => event.preventDefault();
    dialog.querySelector("form").onsubmit = () => {
      token = input.value;
      input.value = "";
      asking = undefined;
      resolve();
    };
    dialog.showModal();
    input.focus();
  });
  return asking;
}
`;
