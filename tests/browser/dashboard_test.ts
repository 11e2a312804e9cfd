import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { Inspection } from "../../src/operations/mod.ts";
import { FakeFactory } from "../control/fake_factory.ts";
import { inspectionOf, servicesOf } from "../control/figures.ts";
import { launchChromium, visit } from "./chromium.ts";
import { openLivingFactory } from "./living_factory.ts";

let browser: Browser;
before(async () => void (browser = await launchChromium()));
after(() => browser.close());

const HOSTILE =
  `<img src=x onerror="document.title='owned'">'"</script><script>document.title='owned'</script>`;

/** Everything on the page has something to show. */
async function fill(factory: FakeFactory, page: Page): Promise<void> {
  await page.locator("#workers [role=option]").first().click();
  await page.locator("#worker dl").waitFor();
  await page.click("#tail-toggle");
  await page.locator("#letter-list summary").first().click();
  await page.locator(".figures summary").click();
  factory.ship("average", { key: "sensor-1", product: { mean: 20 } });
  await page.locator("#events li").first().waitFor();
}

/** One of its workshops is silent, until a test says otherwise. */
class AlarmedFactory extends FakeFactory {
  alarms: Inspection["alarms"] = [
    {
      kind: "silent-workshop",
      subject: "workshop 1",
      since: 1_700_000_000_000,
      message: "workshop 1 has not answered",
    },
  ];

  override inspect(): Inspection {
    const report = { ...inspectionOf(++this.tick), alarms: this.alarms };
    this.inspected.send(report);
    return report;
  }
}

/** Its workers call services. */
class CallingFactory extends FakeFactory {
  override inspect(): Inspection {
    const bottleneck = "service compute-robot";
    const report = { ...inspectionOf(++this.tick), services: servicesOf(this.tick), bottleneck };
    this.inspected.send(report);
    return report;
  }
}

async function furnished(): Promise<FakeFactory> {
  const factory = new CallingFactory();
  await factory.push(Array.from({ length: 40 }, (_, i) => ({ device: `sensor-${i}` })));
  factory.letters = [letterOf(1, "sensor-3"), letterOf(2, "sensor-4")];
  return factory;
}

function letterOf(id: number, key: string): FakeFactory["letters"][number] {
  const error = "RangeError: too warm";
  return {
    id,
    key,
    reason: "error",
    error,
    stack: `${error}\n  at work`,
    attempts: 3,
    at: Date.now(),
    item: { device: key },
  };
}

describe("the dashboard", () => {
  it("shows the factory, lives, and asks nobody else for anything", async () => {
    await using living = await openLivingFactory();
    await using open = await visit(browser, living.server.url);
    const { page, complaints, foreign } = open;
    await page.getByRole("heading", { name: "thermometers" }).waitFor();
    await page.locator("#state[data-state=open]").waitFor();
    await page.locator("#picture .fixture").first().waitFor();
    const text = await page.locator("#picture").textContent();
    for (
      const word of [
        "Procurement",
        "demo fleet",
        "Workshop 0",
        "Workshop 1",
        "Warehouse",
        "average",
        "sqlite",
      ]
    ) {
      assert.ok(text?.includes(word), word);
    }
    assert.match(await page.locator("#picture").getAttribute("aria-label") ?? "", /Workshop 1: busy \d+ %/);
    await page.locator(".chart canvas").nth(4).waitFor();
    await page.locator(".chart .plot[aria-label*='now']").nth(4).waitFor();
    const totals = await page.locator("#totals").textContent();
    await page.waitForFunction((old) => document.getElementById("totals")?.textContent !== old, totals);
    assert.deepEqual([complaints, foreign], [[], []]);
  });

  it("points the bottleneck out in words and in the picture", async () => {
    await using living = await openLivingFactory();
    await using open = await visit(browser, living.server.url);
    await open.page.getByText("Bottleneck: workshop 1").waitFor();
    await open.page.locator(".fixture.bottleneck", { hasText: "Workshop 1" }).waitFor();
    assert.match(await open.page.locator("#advice-text").textContent() ?? "", /\S/);
    await open.page.getByText("No bottleneck").waitFor();
    assert.equal(await open.page.locator(".fixture.bottleneck").count(), 0);
  });

  it("shows alarms for as long as they stand", async () => {
    const factory = new AlarmedFactory();
    await using living = await openLivingFactory({ factory });
    await using open = await visit(browser, living.server.url);
    await open.page.locator("#alarms li", { hasText: "Workshop 1 has not answered." }).waitFor();
    factory.alarms = [];
    await open.page.locator("#alarms").waitFor({ state: "hidden" });
  });

  it("shows services with their endpoints, and nothing of them where there are none", async () => {
    await using living = await openLivingFactory({ factory: new CallingFactory() });
    await using open = await visit(browser, living.server.url);
    const { page, complaints } = open;
    await page.locator("#service-rows tr.bottleneck", { hasText: "compute-robot" }).waitFor();
    const rows = await page.locator("#service-rows tr").allInnerTexts();
    assert.deepEqual(rows.map((row) => row.split("\t").slice(0, 3).map((cell) => cell.trim())), [
      ["data", "2 of 2 up", "0"],
      ["http://10.0.0.7:9001", "up", ""],
      ["http://10.0.0.7:9002", "up", ""],
      ["compute-robot", "1 of 3 up", "120"],
      ["http://10.0.0.7:9103", "down", ""],
      ["http://10.0.0.7:9102", "left out", ""],
      ["http://10.0.0.7:9101", "up", ""],
    ]);
    assert.ok(await page.getByRole("link", { name: "Services" }).isVisible());
    assert.deepEqual(complaints, []);
    await using other = await openLivingFactory();
    await using plain = await visit(browser, other.server.url);
    await plain.page.locator("#picture .fixture").first().waitFor();
    assert.equal(await plain.page.locator("#services").isVisible(), false);
    assert.equal(await plain.page.getByRole("link", { name: "Services" }).count(), 0);
  });

  it("draws an hour when asked", async () => {
    await using living = await openLivingFactory();
    await using open = await visit(browser, living.server.url);
    const asked = open.page.waitForRequest(/history\?points=\d+&seconds=3600/);
    await open.page.getByRole("button", { name: "1 hour" }).click();
    await asked;
    await open.page.locator(".chart .plot[aria-label*='last hour']").nth(4).waitFor();
  });

  it("can't be injected into by keys and values", async () => {
    const factory = new FakeFactory();
    factory.products = [HOSTILE, "average"];
    await factory.push([{ device: HOSTILE }]);
    factory.letters = [{
      ...letterOf(1, HOSTILE),
      error: HOSTILE,
      stack: HOSTILE,
      reason: HOSTILE,
      item: { x: HOSTILE },
    }];
    await using living = await openLivingFactory({ factory });
    await using open = await visit(browser, living.server.url);
    const { page, complaints } = open;
    await fill(factory, page);
    factory.ship("average", { key: HOSTILE, product: { text: HOSTILE } });
    await page.locator("#events li", { hasText: "onerror" }).waitFor();
    await page.getByRole("button", { name: "Dismiss…" }).click();
    assert.ok((await page.locator("#ask-text").textContent())?.includes("onerror"));
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("script").count(), 1);
    assert.match(await page.title(), /^thermometers/);
    assert.deepEqual(complaints, []);
  });

  for (const width of [1_440, 360]) {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`has no serious fault of accessibility, ${width} pixels wide and ${colorScheme}`, async () => {
        await using living = await openLivingFactory({ factory: await furnished() });
        const options = { viewport: { width, height: 800 }, colorScheme, bypassCSP: true } as const;
        await using open = await visit(browser, living.server.url, options);
        const { page } = open;
        await fill(living.factory, page);
        assert.deepEqual(await faults(page), []);
        await page.getByRole("button", { name: "Drain…" }).click();
        assert.deepEqual(await faults(page), []);
        const room = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(room <= width, `${room} pixels on a screen of ${width}`);
      });
    }
  }

  it("moves goods along their ways, and keeps still for whoever wants that", async () => {
    await using living = await openLivingFactory();
    for (const [reducedMotion, moves] of [["no-preference", true], ["reduce", false]] as const) {
      await using open = await visit(browser, living.server.url, { reducedMotion });
      await open.page.locator("#picture .flow").first().waitFor({ state: "attached" });
      const flows = await open.page.evaluate(() =>
        document.getAnimations().filter(({ playState }) => playState === "running").length
      );
      assert.equal(flows > 0, moves);
    }
  });

  it("can be used with the keyboard alone", async () => {
    await using living = await openLivingFactory({ factory: await furnished() });
    await using open = await visit(browser, living.server.url);
    const { page } = open;
    await page.locator("#workers [role=option]").nth(10).waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the floor");
    await page.focus("#workers");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Enter"]) {
      await page.keyboard.press(key);
    }
    await page.locator("#worker h3", { hasText: /^sensor-1$/ }).waitFor();
    assert.match(await page.locator("#workers").getAttribute("aria-activedescendant") ?? "", /^worker-1$/);
    await page.focus("#checkpoint");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.id === "checkpoint");
    assert.deepEqual(living.factory.calls, []);
  });
});

/** What axe calls serious or critical. */
async function faults(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(axe, "utf8"));
  return await page.evaluate(async () => {
    interface Found {
      violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<Found> } }).axe.run();
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap((
      { id, nodes },
    ) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
  });
}
