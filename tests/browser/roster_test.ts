import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { FakeFactory } from "../control/fake_factory.ts";
import { launchChromium, visit } from "./chromium.ts";
import { openLivingFactory } from "./living_factory.ts";

let browser: Browser;
before(async () => void (browser = await launchChromium()));
after(() => browser.close());

async function withWorkers(count: number): Promise<FakeFactory> {
  const factory = new FakeFactory();
  await factory.push(Array.from({ length: count }, (_, i) => ({ device: `sensor-${i}` })));
  return factory;
}

describe("the dashboard's roster", () => {
  it("scrolls through 20,000 workers with a few rows at a time", async () => {
    await using living = await openLivingFactory({ factory: await withWorkers(20_000) });
    await using open = await visit(browser, living.server.url);
    const { page } = open;
    await page.locator("#workers [role=option]").first().waitFor();
    await page.focus("#workers");
    const last = page.locator("#workers [role=option]", { hasText: /^sensor-19999/ });
    while (await last.count() === 0) {
      await page.keyboard.press("End");
      await page.evaluate(() =>
        new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      );
    }
    await page.getByText(/20,000 loaded/).waitFor();
    assert.equal(await last.getAttribute("aria-posinset"), "20000");
    assert.equal(await last.getAttribute("aria-setsize"), "20000");
    const rows = await page.locator("#workers [role=option]").count();
    assert.ok(rows < 40, `${rows} rows are elements`);
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(elements < 1_500, `${elements} elements on the page`);
  });

  it("searches, and shows a worker with its state until it is dismissed", async () => {
    await using living = await openLivingFactory({ factory: await withWorkers(3_000) });
    await using open = await visit(browser, living.server.url);
    const { page } = open;
    await page.fill("#prefix", "sensor-299");
    await page.getByText(/^11 workers found, as of/).waitFor();
    await page.selectOption("#roster-workshop", "1");
    await page.getByText(/^6 workers found, as of/).waitFor();
    await page.locator("#workers [role=option]", { hasText: "sensor-2991" }).click();
    const detail = page.getByRole("region", { name: "Worker" });
    await detail.getByRole("heading", { name: "sensor-2991" }).waitFor();
    await detail.getByText('"total": "12"').waitFor();
    await detail.getByRole("button", { name: "Dismiss…" }).click();
    await page.locator("#ask-yes").click();
    await page.getByText("Dismissed sensor-2991.").waitFor();
    assert.deepEqual(living.factory.calls, ["dismiss sensor-2991"]);
    await detail.getByRole("button", { name: "Watch its products" }).click();
    assert.equal(await page.inputValue("#tail-key"), "sensor-2991");
    await page.fill("#prefix", "nobody");
    await page.getByText(/^0 workers found, as of/).waitFor();
  });
});
