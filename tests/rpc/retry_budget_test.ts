import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RetryBudget } from "../../src/rpc/retry_budget.ts";

describe("the retry budget", () => {
  it("never gives more than a tenth of the calls, and ten, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (plan) => {
        const budget = new RetryBudget();
        let calls = 0;
        let retries = 0;
        for (const isCall of plan) {
          if (isCall) {
            budget.deposit();
            calls++;
          } else if (budget.withdraw()) retries++;
          assert.ok(retries <= 10 + calls / 10 + 1e-6);
        }
      }),
    );
  });

  it("gives a tenth of the calls for as long as they fail", () => {
    const budget = new RetryBudget();
    let retries = 0;
    for (let i = 0; i < 10_000; i++) {
      budget.deposit();
      if (budget.withdraw()) retries++;
    }
    assert.ok(retries >= 1_000 && retries <= 1_010, `${retries}`);
  });
});
