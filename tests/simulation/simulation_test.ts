import process from "node:process";
import { simulations } from "./simulations.ts";

/** `SHOPFLOOR_SEED=7` lives through that one alone; `SHOPFLOOR_SEEDS=100000` through so many new ones. */
const { SHOPFLOOR_SEED: only, SHOPFLOOR_SEEDS: many } = process.env;
const first = only !== undefined ? Number(only) : many !== undefined ? Date.now() % 1e9 : 1;
const count = only !== undefined ? 1 : Number(many ?? 1_000);

simulations({ first, count });
