import { bench, do_not_optimize, group } from "mitata";
import { hashKey } from "../../src/core/mod.ts";

const KEYS: Readonly<Record<string, readonly string[]>> = {
  "11 units": Array.from({ length: 1_000 }, (_, index) => `device-${1_000 + index}`),
  "36 units": Array.from({ length: 1_000 }, () => crypto.randomUUID()),
};

group("hash", () => {
  for (const [name, keys] of Object.entries(KEYS)) {
    bench(`hashKey(), 1,000 keys of ${name}`, () => {
      let sum = 0;
      for (const key of keys) sum ^= hashKey(key);
      do_not_optimize(sum);
    });
  }
});
