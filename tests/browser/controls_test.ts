import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { FakeFactory } from "../control/fake_factory.ts";
import { launchChromium, visit } from "./chromium.ts";
import { openLivingFactory } from "./living_factory.ts";

let browser: Browser;
before(async () => void (browser = await launchChromium()));
after(() => browser.close());

/** Presses a button and answers its question. */
async function order(
  page: Page,
  { button, value, answer }: { button: string; value?: string; answer: string },
) {
  await page.getByRole("button", { name: button, exact: true }).click();
  if (value !== undefined) await page.fill("#ask-input", value);
  await page.locator("#ask").getByRole("button", { name: answer, exact: true }).click();
}

describe("the dashboard's controls", () => {
  const orders = [
    { button: "Pause…", answer: "Pause", says: /Paused/, call: "pause" },
    { button: "Resume…", answer: "Resume", says: /Resumed/, call: "resume" },
    { button: "Pace…", value: "5000", answer: "Set the pace", says: /Paced to 5,000/, call: "setRate 5000" },
    { button: "Pace…", value: "", answer: "Set the pace", says: /No pace/, call: "setRate null" },
    { button: "Workshops…", value: "3", answer: "Scale", says: /Scaled to 3 workshops/, call: "scale 3" },
    { button: "Checkpoint…", answer: "Commit", says: /Epoch 8 is committed/, call: "checkpoint" },
    { button: "Drain…", answer: "Drain and close", says: /Drained/, call: "drain" },
  ];

  it("ask, act, and say what has been done", async () => {
    await using living = await openLivingFactory();
    await using open = await visit(browser, living.server.url);
    const { page, complaints } = open;
    for (const { says, ...rest } of orders) {
      await order(page, rest);
      await page.locator("#notices p", { hasText: says }).waitFor();
      await page.locator("#ask").waitFor({ state: "hidden" });
    }
    assert.deepEqual(living.factory.calls, orders.map(({ call }) => call));
    await page.getByText("The factory is closed.").waitFor();
    assert.ok(await page.locator("#pause").isDisabled());
    assert.deepEqual(complaints, []);
  });

  it("do nothing when the answer is no, or no answer", async () => {
    await using living = await openLivingFactory();
    await using open = await visit(browser, living.server.url);
    for (const { button, value } of orders.filter(({ button }) => button !== "Resume…")) {
      await order(open.page, { button, value, answer: "Cancel" });
    }
    await order(open.page, { button: "Workshops…", value: "65", answer: "Scale" });
    await open.page.locator("#ask-input:invalid").waitFor();
    assert.deepEqual(living.factory.calls, []);
  });

  it("say why where they have asked, when the factory refuses", async () => {
    await using living = await openLivingFactory({ token: "the-whole", readToken: "only-look" });
    await using open = await visit(browser, living.server.url);
    const { page } = open;
    await page.fill("#token", "only-look");
    await page.keyboard.press("Enter");
    await page.locator("#state[data-state=open]").waitFor();
    await order(page, { button: "Pause…", answer: "Pause" });
    await page.locator("#ask-failure", { hasText: /\w/ }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Token…" }).click();
    await page.fill("#token", "the-whole");
    await page.keyboard.press("Enter");
    await order(page, { button: "Pause…", answer: "Pause" });
    await page.locator("#state[data-state=paused]").waitFor();
    assert.deepEqual(living.factory.calls, ["pause"]);
  });
});

describe("the dashboard's dead letters", () => {
  function withLetters(): FakeFactory {
    const factory = new FakeFactory();
    factory.letters = [1, 2, 3].map((id) => ({
      id,
      key: `sensor-${id}`,
      reason: "error",
      error: `RangeError: too warm: ${id}`,
      stack: null,
      attempts: 3,
      at: 1_700_000_000_000,
      item: { device: `sensor-${id}` },
    }));
    return factory;
  }

  it("are shown with item and error, replayed and purged one by one or all", async () => {
    await using living = await openLivingFactory({ factory: withLetters() });
    await using open = await visit(browser, living.server.url);
    const { page } = open;
    const first = page.locator("#letter-list li", { hasText: "sensor-1" });
    await first.locator("summary").click();
    await first.getByText('"device": "sensor-1"').waitFor();
    await first.getByRole("button", { name: "Replay…" }).click();
    await page.locator("#ask-yes").click();
    await first.waitFor({ state: "detached" });
    const second = page.locator("#letter-list li", { hasText: "sensor-2" });
    await second.locator("summary").click();
    await second.getByRole("button", { name: "Purge…" }).click();
    await page.locator("#ask-yes").click();
    await second.waitFor({ state: "detached" });
    await order(page, { button: "Replay all…", answer: "Replay" });
    await page.getByText("None: nothing has been given up.").waitFor();
    living.factory.letters = withLetters().letters;
    await page.reload();
    await order(page, { button: "Purge all…", answer: "Purge" });
    await page.getByText("None: nothing has been given up.").waitFor();
    assert.deepEqual(living.factory.calls, ["replay 1", "purge 2", "replay all", "purge all"]);
  });
});

describe("the dashboard's token", () => {
  it("is asked for, asked for again when it is wrong, and kept nowhere", async () => {
    await using living = await openLivingFactory({ token: "s3cret" });
    await using open = await visit(browser, living.server.url);
    const { page, complaints } = open;
    await page.getByRole("heading", { name: "This factory asks for a token" }).waitFor();
    await page.fill("#token", "wrong");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("That was not this factory's token.").waitFor();
    await page.fill("#token", "s3cret");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.locator("#state[data-state=open]").waitFor();
    await page.locator("#picture .fixture").first().waitFor(); // event streams have the token too
    assert.equal(await page.inputValue("#token"), "");
    const kept = await page.evaluate(
      () => [localStorage.length, sessionStorage.length, document.cookie.length],
    );
    assert.deepEqual(kept, [0, 0, 0]);
    await page.reload();
    await page.getByRole("heading", { name: "This factory asks for a token" }).waitFor();
    assert.deepEqual(complaints, []);
  });
});

describe("the dashboard's product tail", () => {
  it("shows products as they leave, of one type and one key", async () => {
    await using living = await openLivingFactory();
    await using open = await visit(browser, living.server.url);
    const { page } = open;
    await page.selectOption("#tail-type", "alarm");
    await page.fill("#tail-key", "b");
    const asked = page.waitForResponse(/\/v1\/products\/alarm\?key=b/);
    await page.getByRole("button", { name: "Watch", exact: true }).click();
    await asked;
    living.factory.ship("average", { key: "b", product: { is: "another type" } });
    living.factory.ship("alarm", { key: "a", product: { is: "another key" } });
    living.factory.ship("alarm", { key: "b", product: { is: "wanted" } });
    await page.locator("#events li", { hasText: '{"is":"wanted"}' }).waitFor();
    assert.equal(await page.locator("#events li").count(), 1);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped").waitFor();
  });
});
