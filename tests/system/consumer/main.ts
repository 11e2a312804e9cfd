/** A consumer's program: the orders through a factory of Web Workers, and once more through the test kit. */

import process from "node:process";
import { type FactoryOptions, openFactory } from "@shopfloor/shopfloor";
import { inline, VirtualClock } from "@shopfloor/shopfloor/testing";
import orders from "./orders.ts";

const items = Array.from({ length: 3_000 }, (_, i) => ({ customer: `customer-${i % 7}`, cents: i }));
const options: FactoryOptions = { workshops: 2, settings: { path: process.argv[2] } };

await using factory = await openFactory(new URL("./orders.ts", import.meta.url), options);
const { accepted, rejected } = await factory.push([...items, { customer: "nobody", cents: "none" }]);
const { products, hired } = await factory.drain();

const clock = new VirtualClock();
const kit = await inline(orders, { clock });
await clock.until(kit.push(items.slice(0, 10)));
const tested = await clock.until(kit.drain());

console.log(
  JSON.stringify({ accepted, rejected: rejected.length, products, hired, tested: tested.products }),
);
