import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { perform, type Screen, type Terminal } from "../../src/terminal/mod.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { blueprint, launch, type Program } from "./program.ts";

/** A screen that a test looks at, and on which it presses keys. */
class FakeScreen implements Screen {
  columns = 100;
  rows = 20;
  text = "";
  attended = false;
  press: (key: string) => void = () => {};
  resize: () => void = () => {};
  #look = () => {};

  write(text: string): void {
    this.text += text;
    this.#look();
  }

  attend({ key, resize }: { key: (key: string) => void; resize: () => void }): () => void {
    this.attended = true;
    this.press = key;
    this.resize = resize;
    return () => this.attended = false;
  }

  /** Resolves when the pattern has been written since `from`. */
  async shows(pattern: RegExp, from: number = 0): Promise<void> {
    while (!pattern.test(this.text.slice(from))) await new Promise<void>((resolve) => this.#look = resolve);
  }
}

let program: Program;
let url: string;

before(async () => {
  program = launch(["start", blueprint("pushed"), "--port", "0", "--workshops", "1", "--json"]);
  const [, found] = await program.written(/"url":"([^"]+)"/);
  url = found;
});

after(async () => {
  program.signal("SIGTERM");
  await program.outcome;
});

describe("top", () => {
  it("prints one plain report where there is no terminal", async () => {
    const terminal = fakeTerminal(["top", "--url", url]);
    assert.equal(await perform(terminal), 0, terminal.complained.join());
    const [report] = terminal.printed;
    assert.match(report, /^pushed is open /);
    assert.match(report, /^LINE[^]*^WORKSHOP[^]*^PRODUCT[^]*^echo/m);
    assert.ok(!report.includes("\u001b"));
  });

  it("prints an inspection with --json", async () => {
    const terminal = fakeTerminal(["top", "--json"], { SHOPFLOOR_URL: `${url}/` });
    assert.equal(await perform(terminal), 0, terminal.complained.join());
    assert.equal(JSON.parse(terminal.printed[0]).lines.length, 1);
  });

  for (const key of ["q", "\u0003"]) {
    it(`shows picture after picture until ${JSON.stringify(key)}, and leaves the terminal as it was`, async () => {
      const screen = new FakeScreen();
      const terminal: Terminal = { ...fakeTerminal(["top", "--url", url]), screen };
      const ended = perform(terminal);
      await screen.shows(/pushed is open/);
      assert.ok(screen.attended);
      assert.ok(screen.text.startsWith("\u001b[?1049h\u001b[?25l"));
      const first = screen.text.length;
      await screen.shows(/pushed is open/, first);
      const before = screen.text.length;
      screen.columns = 20;
      screen.resize();
      const widths = screen.text.slice(before).split("\r\n").map((line) =>
        line.replaceAll(/\S\[\w+/g, "").length
      );
      assert.ok(Math.max(...widths) <= 25, "it draws for the new size at once");
      screen.press("x");
      screen.press(key);
      assert.equal(await ended, 0);
      assert.equal(screen.attended, false);
      assert.ok(screen.text.endsWith("\u001b[?7h\u001b[?25h\u001b[?1049l"));
    });
  }

  it("says in one line that nothing answers", async () => {
    const terminal = fakeTerminal(["top", "--url", "http://127.0.0.1:1"]);
    assert.equal(await perform(terminal), 1);
    assert.deepEqual(terminal.complained, [
      "shopfloor: nothing answers at http://127.0.0.1:1: is a factory running there? (shopfloor start)",
    ]);
  });
});
