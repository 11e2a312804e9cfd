// @ts-check
/** The page: follows the factory and hands every part what it needs to know. */

/** @import { FactoryStatus } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { follow } from "./connection.js";
import { allowControls, knowPace, wireControls } from "./controls.js";
import { showFloor, watchWidth } from "./floor.js";
import { timeOfDay } from "./format.js";
import { keepHistory, refreshHistory } from "./history.js";
import { knowLetters, openLetters, read as readLetters } from "./letters.js";
import { notify, showTrouble } from "./notices.js";
import { showOverview, showState, showStatus } from "./overview.js";
import { knowRoster, lookAgain, openRoster } from "./roster.js";
import { showServices } from "./services.js";
import { knowProducts, openTail } from "./tail.js";

/** Of the factory when this page was loaded: another one may want another page. @type {string | undefined} */
let version;

const { refresh } = follow({ onInspection, onStatus, onAway, onBack });
wireControls(refresh);
watchWidth();
openRoster();
openLetters();
openTail();
void keepHistory();

/** @param {Inspection} inspection */
function onInspection(inspection) {
  showOverview(inspection);
  showFloor(inspection);
  showServices(inspection);
  knowPace(inspection);
  knowRoster(inspection);
  knowLetters(inspection);
  knowProducts(inspection);
}

/** @param {FactoryStatus} status */
function onStatus(status) {
  showStatus(status);
  allowControls(status);
  const ended = status.state === "closed" || status.state === "failed";
  if (ended) showTrouble("The factory is " + status.state + ". Only a new start opens it again.");
  else if (version !== undefined && version !== status.version) {
    showTrouble("The factory has another version now: reload the page.");
  } else showTrouble();
  version ??= status.version;
}

/** @param {string} reason */
function onAway(reason) {
  showState("away");
  allowControls(undefined);
  showTrouble("The factory is away since " + timeOfDay(Date.now()) + ": " + reason + ". Trying again…");
}

/** @param {boolean} restarted */
function onBack(restarted) {
  showTrouble();
  notify(restarted ? "The factory has been restarted: what it counts began anew." : "The factory is back.");
  void refreshHistory();
  void readLetters();
  lookAgain();
}
