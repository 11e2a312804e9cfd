/** Commits epochs of 10 readings, for ever, and leaves a transaction open in between. */
import process from "node:process";
import { openStore } from "../../../src/store/mod.ts";
import { READINGS } from "../readings.ts";

const store = openStore({ directory: process.argv[2], name: "readings", products: READINGS });
const readings = store.inserter("reading");
for (let { epoch } = store.committed();;) {
  epoch++;
  store.begin();
  const products = Array.from({ length: 10 }, (_, n) => ({ device: `d${n}`, celsius: epoch }));
  readings.insert({
    products: products.slice(0, 5),
    keys: products.map(({ device }) => device),
    epoch,
    at: epoch,
  });
  if (epoch % 100 === 0) {
    console.log(`epoch ${epoch}`);
    await new Promise((resolve) => setTimeout(resolve, 5)); // with half an epoch written
  }
  readings.insert({
    products: products.slice(5),
    keys: products.map(({ device }) => device),
    epoch,
    at: epoch,
  });
  store.putStates([{
    key: "total",
    slot: 0,
    hash: 0,
    version: 1,
    state: String(epoch),
    hiredAt: 0,
    renewedAt: 0,
    processed: epoch,
    pending: null,
  }]);
  store.commit({ epoch, at: epoch, offsets: { source: epoch } });
}
