// @ts-check
/** Steering the factory: every button asks first. */

/** @import { FactoryStatus, Summary } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { ask, askForToken } from "./api.js";
import { byId, setText } from "./elements.js";
import { count, several } from "./format.js";
import { sure } from "./sure.js";

const MOST_WORKSHOPS = 64;
const MOST_PER_SECOND = 1e9;

/** @type {FactoryStatus | undefined} */
let status;
/** @type {number | null} */
let ratePerSecond = null;
let refresh = async () => {};

/** @param {() => Promise<void>} refreshStatus called when something has been done */
export function wireControls(refreshStatus) {
  refresh = refreshStatus;
  byId("pause").onclick = () => (status?.state === "paused" ? askToResume() : askToPause());
  byId("pace").onclick = askForPace;
  byId("scale").onclick = askForWorkshops;
  byId("checkpoint").onclick = askToCheckpoint;
  byId("drain").onclick = askToDrain;
  byId("other-token").onclick = () => askForToken().then(refresh);
}

/**
 * What may be done now.
 *
 * @param {FactoryStatus | undefined} latest undefined while the factory is away
 */
export function allowControls(latest) {
  status = latest;
  const runs = latest?.state === "open" || latest?.state === "paused";
  for (const id of ["pause", "pace", "scale", "checkpoint", "drain"]) byId(id).disabled = !runs;
  setText(byId("pause"), latest?.state === "paused" ? "Resume…" : "Pause…");
}

/** @param {Inspection} inspection */
export function knowPace({ procurement }) {
  ratePerSecond = procurement.ratePerSecond;
}

/**
 * @param {string} path
 * @param {{ method?: string, body?: unknown }} [call]
 */
async function act(path, { method = "POST", body } = {}) {
  const answer = await ask(path, { method, body });
  await refresh();
  return answer;
}

function askToPause() {
  sure({
    title: "Pause the factory?",
    text: "The source rests and pushed items wait. What has been admitted goes through and is committed.",
    yes: "Pause",
    act: async () => {
      await act("/v1/factory/pause");
      return "Paused: nothing more is admitted.";
    },
  });
}

function askToResume() {
  sure({
    title: "Resume?",
    text: "Items are admitted again, the waiting ones too.",
    yes: "Resume",
    act: async () => {
      await act("/v1/factory/resume");
      return "Resumed: items are admitted again.";
    },
  });
}

function askForPace() {
  sure({
    title: "Set the pace?",
    text: "The source and pushes together are admitted no faster than this, from now on.",
    yes: "Set the pace",
    field: {
      label: "Items per second",
      hint: "Leave it empty for no pace: as fast as the lines take them.",
      value: ratePerSecond,
      min: 1,
      max: MOST_PER_SECOND,
      required: false,
    },
    act: async (value) => {
      await act("/v1/procurement", { method: "PATCH", body: { ratePerSecond: value } });
      return value === null
        ? "No pace: as fast as the lines take items."
        : "Paced to " + count(value) + " items/s.";
    },
  });
}

function askForWorkshops() {
  sure({
    title: "Change the workshops?",
    text: "Slots of keys move with their workers between two epochs; items wait meanwhile, and none is lost.",
    yes: "Scale",
    field: {
      label: "Workshops",
      hint: "1 to " + MOST_WORKSHOPS + ". More than the machine has cores helps only workshops that wait.",
      value: status?.workshops ?? 1,
      min: 1,
      max: MOST_WORKSHOPS,
      required: true,
    },
    act: async (value) => {
      await act("/v1/factory", { method: "PATCH", body: { workshops: value } });
      return "Scaled to " + several(value ?? 0, "workshop") + ".";
    },
  });
}

function askToCheckpoint() {
  sure({
    title: "Commit now?",
    text: "Ends the epoch and commits what has been admitted so far.",
    yes: "Commit",
    act: async () => {
      const { epoch } = await act("/v1/factory/checkpoint");
      return "Epoch " + count(epoch) + " is committed.";
    },
  });
}

function askToDrain() {
  sure({
    title: "Drain and close the factory?",
    text:
      "It buys nothing more, finishes and commits what was admitted, and closes. Only a new start opens it again.",
    yes: "Drain and close",
    grave: true,
    act: async () => {
      const { materials, seconds } = /** @type {Summary} */ (await act("/v1/factory/drain"));
      return "Drained: " + count(materials) + " items in " + count(seconds) + " s, all committed.";
    },
  });
}
