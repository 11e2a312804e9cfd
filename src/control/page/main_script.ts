/** `main.js`: follows the factory and wires the buttons. */
export const MAIN_SCRIPT: string = String.raw`
import { call, inspections } from "./client.js";
import { showFactory, showInspection, showState, showTrouble } from "./view.js";

const STATUS_MS = 2000;
const RETRY_MS = [500, 1000, 2000, 5000];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The operator's reports, over as many connections as it takes. */
async function follow() {
  for (let failures = 0;; failures++) {
    try {
      for await (const report of inspections()) {
        failures = 0;
        showInspection(report);
      }
    } catch {
      // showStatus says what is wrong
    }
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
  }
}

async function keepStatus() {
  for (;; await pause(STATUS_MS)) await showStatus();
}

async function showStatus() {
  try {
    showFactory(await call("GET", "/v1/factory"));
    showTrouble();
  } catch (error) {
    showState("unreachable");
    showTrouble("The factory can't be reached: " + error.message + ". Trying again.");
  }
}

function wire(name) {
  const button = document.getElementById(name);
  button.onclick = async () => {
    button.disabled = true;
    try {
      showFactory(await call("POST", "/v1/factory/" + name));
    } catch (error) {
      showTrouble("Could not " + name + ": " + error.message);
    }
  };
}

wire("pause");
wire("resume");
follow();
keepStatus();
`;
