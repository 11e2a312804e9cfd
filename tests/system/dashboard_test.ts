import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openFactory } from "../../mod.ts";
import { openControl } from "../../src/control/mod.ts";
import { launchChromium, visit } from "../browser/chromium.ts";

const BLUEPRINT = new URL("./blueprints/means.ts", import.meta.url);
const DEVICES = 200;
/** Far more than a test buys. */
const ITEMS = 1e9;

/** A factory of Web Workers and its control server. */
async function openAll(data: string, port: number = 0) {
  const factory = await openFactory(BLUEPRINT, {
    data,
    workshops: 2,
    epochMs: 200,
    ratePerSecond: 2_000,
    settings: { items: ITEMS, devices: DEVICES, poison: 7 },
  });
  const server = await openControl(factory, { port });
  return {
    factory,
    server,
    async [Symbol.asyncDispose]() {
      await server.close();
      await factory.close();
    },
  };
}

type Visited = Awaited<ReturnType<typeof visit>>["page"];

/** Presses a button and says yes. */
async function order(
  page: Visited,
  { button, value, says }: { button: string; value?: string; says: RegExp },
) {
  await page.getByRole("button", { name: button, exact: true }).click();
  if (value !== undefined) await page.fill("#ask-input", value);
  await page.locator("#ask-yes").click();
  await page.locator("#notices p", { hasText: says }).waitFor();
}

describe("the dashboard of a whole factory", () => {
  it("shows it at work, steers it, and survives its restart", async () => {
    const data = mkdtempSync(join(tmpdir(), "shopfloor-dashboard-"));
    const browser = await launchChromium();
    try {
      const first = await openAll(data);
      const { page, complaints } = await visit(browser, first.server.url);
      await page.getByRole("heading", { name: "means" }).waitFor();
      await page.locator("#picture .fixture", { hasText: /Workshop 1/ }).waitFor();
      await page.locator(".chart .plot[aria-label*='now']").nth(4).waitFor();

      await page.fill("#prefix", "device-1");
      await page.locator("#workers [role=option]", { hasText: "device-1" }).first().click();
      await page.locator("#worker pre", { hasText: /"count": \d+/ }).waitFor();
      await page.click("#tail-toggle");
      await page.locator("#events li", { hasText: '"mean":' }).first().waitFor();
      await page.locator("#letter-list summary", { hasText: "poison at" }).first().waitFor();

      await order(page, { button: "Pause…", says: /Paused/ });
      await page.locator("#state[data-state=paused]").waitFor();
      await order(page, { button: "Purge all…", says: /purged/ });
      await order(page, { button: "Resume…", says: /Resumed/ });
      await order(page, { button: "Workshops…", value: "3", says: /Scaled to 3/ });
      await page.locator("#picture .fixture", { hasText: /Workshop 2/ }).waitFor();
      await order(page, { button: "Pace…", value: "500", says: /Paced to 500/ });
      await order(page, { button: "Checkpoint…", says: /Epoch \d+ is committed/ });

      const port = Number(new URL(first.server.url).port);
      await first[Symbol.asyncDispose]();
      await page.getByText(/The factory is away since/).waitFor();
      await using second = await openAll(data, port);
      await page.getByText("The factory has been restarted").waitFor();
      await page.locator("#state[data-state=open]").waitFor();
      const totals = await page.locator("#totals").textContent();
      await page.waitForFunction((old) => document.getElementById("totals")?.textContent !== old, totals);

      await order(page, { button: "Drain…", says: /Drained: [\d,.]+ items/ });
      assert.equal((await second.factory.status()).state, "closed");
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      rmSync(data, { recursive: true });
    }
  });
});
