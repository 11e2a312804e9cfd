/** Opens a store and holds it. */
import process from "node:process";
import { openStore } from "../../../src/store/mod.ts";

openStore({ directory: process.argv[2], name: "readings" });
console.log("open");
setInterval(() => {}, 1_000);
