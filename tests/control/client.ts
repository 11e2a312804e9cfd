import { type Control, type ControlOptions, createControl } from "../../src/control/mod.ts";
import { FakeFactory } from "./fake_factory.ts";

/** A control over a fake factory, and short ways to ask it. */
export interface Desk {
  readonly factory: FakeFactory;
  readonly control: Control;
  /** Errors that nobody foresaw. */
  readonly errors: unknown[];
  ask(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, init?: RequestInit): Promise<{ status: number; body: Json }>;
}

/** Whatever an answer holds. */
// deno-lint-ignore no-explicit-any
export type Json = any;

/** Sets up a desk. Requests go to `http://localhost` unless the path is a whole URL. */
export function openDesk(options: ControlOptions = {}): Desk {
  const factory = new FakeFactory();
  const errors: unknown[] = [];
  const control = createControl(factory, { onError: (error) => errors.push(error), ...options });
  const ask = async (path: string, init?: RequestInit) =>
    await control.fetch(new Request(new URL(path, "http://localhost"), init));
  const json = async (path: string, init?: RequestInit) => {
    const response = await ask(path, init);
    return { status: response.status, body: await response.json() };
  };
  return { factory, control, errors, ask, json };
}

/** A request with a JSON body. */
export function sending(method: string, body: unknown): RequestInit {
  return { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

/** A POST of lines, as one piece. */
export function lines(...text: string[]): RequestInit {
  return { method: "POST", body: text.join("\n"), headers: { "content-type": "application/x-ndjson" } };
}
