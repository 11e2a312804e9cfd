/**
 * What a newcomer sees while devices are served.
 *
 * @module
 */

/** What progress is about. */
export interface ProgressOptions {
  /** Devices in all. */
  readonly total: number;
  /** Devices that have a result now. */
  readonly count: () => number | Promise<number>;
  readonly print: (line: string) => void;
}

/** How often it is told. */
const EVERY_MS = 1_000;

/** Tells every second how far it has come. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #startedAt: number = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #before = { count: 0, at: this.#startedAt };
  #asking: Promise<void> | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#asking ??= this.#tell().catch(() => {}).finally(() => this.#asking = undefined);
    }, EVERY_MS);
  }

  /** Tells what it came to, and is silent from then on. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#asking;
    const { total, count, print } = this.#options;
    const [seconds, done] = [(performance.now() - this.#startedAt) / 1_000, await count()];
    const each = `${inWords(done / seconds)} businesses per second`;
    print(`${inWords(done)} of ${inWords(total)} devices in ${seconds.toFixed(1)} s: ${each}`);
  }

  async #tell(): Promise<void> {
    const { total, count, print } = this.#options;
    const [now, at] = [await count(), performance.now()];
    const each = (now - this.#before.count) / ((at - this.#before.at) / 1_000);
    this.#before = { count: now, at };
    const seconds = ((at - this.#startedAt) / 1_000).toFixed(1);
    print(
      `${seconds.padStart(6)} s  ${inWords(now).padStart(9)} of ${inWords(total)} devices  ${
        inWords(each)
      }/s`,
    );
  }
}

/** `12,345`. */
export function inWords(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}
