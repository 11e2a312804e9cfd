/**
 * A picture that has the terminal for itself, and leaves it as it was.
 *
 * @module
 */

import process from "node:process";
import type { Screen } from "./terminal.ts";

/** What a full screen shows, and whom it tells of keys. */
export interface FullScreenOptions {
  /** The lines for a screen of this size. */
  readonly draw: (room: { columns: number; rows: number }) => readonly string[];
  readonly onKey: (key: string) => void;
}

/** Another screen than the one with the history; no cursor; lines that are too long are cut rather than wrapped. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const CLEAR_LINE = "\u001b[2K"; // before the text: behind a full line it would take its last letter
const CLEAR_BELOW = "\u001b[J";

/** Takes the screen at once, and draws; again when the size changes. */
export class FullScreen {
  readonly #screen: Screen;
  readonly #options: FullScreenOptions;
  readonly #giveBack: () => void;
  #open = true;

  constructor(screen: Screen, options: FullScreenOptions) {
    this.#screen = screen;
    this.#options = options;
    screen.write(ENTER);
    process.on("exit", this.#leave); // whatever ends the process, the terminal is left usable
    this.#giveBack = screen.attend({ key: options.onKey, resize: () => this.draw() });
    this.draw();
  }

  /** Draws over what was there, in one piece so that nothing flickers. */
  draw(): void {
    if (!this.#open) return;
    const { columns, rows } = this.#screen;
    const lines = this.#options.draw({ columns, rows });
    const text = lines.map((line) => CLEAR_LINE + line).join("\r\n");
    this.#screen.write(HOME + text + CLEAR_BELOW);
  }

  /** Gives screen and keyboard back. Closing twice does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#leave();
    process.off("exit", this.#leave);
    this.#giveBack();
  }

  readonly #leave = (): void => {
    if (!this.#open) return;
    this.#open = false;
    this.#screen.write(LEAVE);
  };
}
