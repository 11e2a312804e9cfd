import { report } from "../../../bench/scenarios/measure.ts";

report("wrong", {}, { problems: ["two and two are five"] });
