import { bench, group } from "mitata";
import { Contracts } from "../../src/workshop/contract.ts";

const WORKERS = 100_000;
const IDLE_MS = 5_000;

/** Contracts with everybody signed at 0. */
function signed(): Contracts {
  const contracts = new Contracts({ idleMs: IDLE_MS }, 0);
  for (let index = 0; index < WORKERS; index++) contracts.sign(index, 0);
  return contracts;
}

group(`contracts of ${WORKERS} workers`, () => {
  const renewed = signed();
  let now = 0;
  bench("Contracts.renew() everybody", () => {
    now++;
    for (let index = 0; index < WORKERS; index++) renewed.renew(index, now);
  });
  bench("Contracts.sign() and lapse() everybody", () => {
    const contracts = signed();
    let left = WORKERS;
    const visit = (index: number) => {
      contracts.end(index);
      left--;
      return true;
    };
    contracts.lapse(2 * IDLE_MS, { most: WORKERS, visit });
    if (left > 0) throw new Error(`${left} contracts have not lapsed`);
  });
  bench("Contracts.lapse(), everybody renewed in time", () => {
    const contracts = signed();
    for (let index = 0; index < WORKERS; index++) contracts.renew(index, IDLE_MS - 1);
    contracts.lapse(IDLE_MS + 100, {
      most: WORKERS,
      visit: () => {
        throw new Error("a contract has lapsed too early");
      },
    });
  });
});
