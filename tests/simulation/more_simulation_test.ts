import process from "node:process";
import { simulations } from "./simulations.ts";

// A file of its own runs beside the other. Who asks for certain seeds gets them there.
const { SHOPFLOOR_SEED, SHOPFLOOR_SEEDS } = process.env;
if (SHOPFLOOR_SEED === undefined && SHOPFLOOR_SEEDS === undefined) {
  simulations({ first: 1_001, count: 1_000 });
}
