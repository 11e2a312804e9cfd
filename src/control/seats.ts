import { Problem } from "./problem.ts";

/** A bounded number of places for clients that stay a while. */
export class Seats {
  readonly #what: string;
  readonly #limit: number;
  #taken = 0;

  constructor(what: string, limit: number) {
    this.#what = what;
    this.#limit = limit;
  }

  /** How many are taken. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes a seat; call what it returns to leave. Leaving twice is leaving once.
   *
   * @throws {Problem} 503 when every seat is taken
   */
  take(): () => void {
    if (this.#taken >= this.#limit) {
      throw new Problem(503, "TOO_MANY_CLIENTS", `${this.#limit} ${this.#what} are open already`, {
        headers: { "retry-after": "5" },
      });
    }
    this.#taken++;
    let seated = true;
    return () => {
      if (seated) this.#taken--;
      seated = false;
    };
  }
}
