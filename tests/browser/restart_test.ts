import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { FakeFactory } from "../control/fake_factory.ts";
import { launchChromium, visit } from "./chromium.ts";
import { openLivingFactory } from "./living_factory.ts";

let browser: Browser;
before(async () => void (browser = await launchChromium()));
after(() => browser.close());

describe("the dashboard under a restart", () => {
  it("says that the factory is away, and goes on with the next one, token and all", async () => {
    const token = "s3cret";
    const first = await openLivingFactory({ token });
    await using open = await visit(browser, first.server.url);
    const { page, complaints } = open;
    await page.fill("#token", token);
    await page.keyboard.press("Enter");
    await page.locator("#state[data-state=open]").waitFor();
    await first[Symbol.asyncDispose]();
    await page.getByText(/The factory is away since \d\d:\d\d:\d\d/).waitFor();
    await page.locator("#state[data-state=away]").waitFor();
    assert.ok(await page.locator("#drain").isDisabled());

    const next = new FakeFactory();
    next.epoch = 400;
    await next.push([{ device: "of the next run" }]);
    await using _second = await openLivingFactory({
      factory: next,
      token,
      port: Number(new URL(first.server.url).port),
    });
    next.tick = 0;
    await page.getByText("The factory has been restarted").waitFor();
    await page.locator("#state[data-state=open]").waitFor();
    await page.locator("#trouble").waitFor({ state: "hidden" });
    await page.locator("#workers", { hasText: "of the next run" }).waitFor();
    const totals = await page.locator("#totals").textContent();
    await page.waitForFunction((old) => document.getElementById("totals")?.textContent !== old, totals);
    assert.deepEqual(complaints, []);
  });
});
