import process from "node:process";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Without the calls home that a browser makes: the tests have no network. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Longest wait for something to be seen: for a machine that has much else to do. */
const PATIENCE_MS = 15_000;

/** Chromium: Debian's, or the one that `CHROMIUM` names. Without one the tests fail. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** A page, and what went wrong in it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /**
   * What the browser complained about: errors of scripts, of the content security policy, of requests. That the
   * server refused something (a status of 400 or more) is no complaint.
   */
  readonly complaints: string[];
  /** What was asked of hosts other than the page's own. */
  readonly foreign: string[];
}

/** Opens a URL in a context of its own; nothing glides there unless the options say so, which takes time. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1_280, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !/Failed to load resource|net::ERR/.test(text)) complaints.push(text);
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && origin !== new URL(url).origin) foreign.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, foreign, [Symbol.asyncDispose]: () => context.close() };
}
