import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { type Item, numbered, Shop } from "./shop.ts";

describe("a product schema that says more than shapes", () => {
  const out = z.object({
    key: z.string().trim(),
    value: z.number().max(3).transform((value) => value * 10),
    unit: z.string().default("°C"),
  });

  for (const asynchronous of [false, true]) {
    it(`is applied once to what ${asynchronous ? "an asynchronous" : "a synchronous"} turn ships`, async () => {
      const shop = new Shop({
        turn: { retries: { attempts: 1 } },
        hire: () => null,
        work(worker, { value }, ship) {
          ship("out", { key: ` ${worker.key} `, value });
          if (asynchronous) return Promise.resolve();
        },
      }, { out });
      shop.send(numbered(5, { keys: 1 }));
      await shop.clock.advance(100);
      assert.deepEqual(
        shop.out.map(({ row }) => row as Item & { unit: string }),
        [0, 10, 20, 30].map((value) => ({ key: "key-0", value, unit: "°C" })),
      );
      assert.equal(shop.letters.length, 1);
      assert.match(shop.letters[0].row.error, /out.*value/);
      shop.close();
    });
  }
});
