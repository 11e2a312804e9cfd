/**
 * A client of a factory's control endpoints, from another program or another machine. Its calls are those of a
 * {@link Factory}, as far as they go over HTTP; their types are checked against the server's own routes.
 *
 * ```ts
 * import { client } from "@shopfloor/shopfloor/client";
 *
 * const factory = client("http://127.0.0.1:8787", { token: "secret" });
 * // const { state, totals } = await factory.status();
 * // await factory.push([{ device: "a", at: 1, celsius: 20 }], { idempotencyKey: "batch-7" });
 * // for await (const { key, product } of factory.tap("alarm")) console.log(key, product);
 * ```
 *
 * @module
 */

import { hc } from "hono/client";
import type {
  Admission,
  DeadLetterPage,
  DeadLetterQuery,
  FactoryStatus,
  ProcurementReport,
  ProductEvent,
  RosterPage,
  RosterQuery,
  Summary,
  WorkerReport,
} from "../headquarters/mod.ts";
import type { ProductFigures } from "../metrics/mod.ts";
import type { Inspection, LineReport, WorkshopReport } from "../operations/mod.ts";
import { ControlError, expectOk, problemOf } from "./control_error.ts";
import type { App } from "./endpoints.ts";
import { eventsOf } from "./event_reader.ts";

export { ControlError };

// What its calls take and answer.
export { type ErrorDetails, type ErrorFields, type Settings, ShopfloorError } from "../core/mod.ts";
export type {
  Admission,
  DeadLetterPage,
  DeadLetterQuery,
  DeadLetterReport,
  FactoryState,
  FactoryStatus,
  ProcurementReport,
  ProductEvent,
  RosterPage,
  RosterQuery,
  Summary,
  WorkerReport,
} from "../headquarters/mod.ts";
export type { HotKey, ProductFigures, SinkTrouble } from "../metrics/mod.ts";
export type {
  Alarm,
  AlarmKind,
  BackPressure,
  ClassReport,
  EndpointReport,
  EndpointState,
  Inspection,
  LineReport,
  ServiceReport,
  Staffing,
  Totals,
  WorkshopReport,
} from "../operations/mod.ts";

/** Options of {@link client}. */
export interface ClientOptions {
  /** The factory's token, or its read token, with which changes are refused. */
  readonly token?: string;
  /** Ends every call, and every stream, with its reason. */
  readonly signal?: AbortSignal;
  /** Sends requests. Default: the runtime's `fetch`. */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** How to push through a {@link Client}. */
export interface ClientPushOptions {
  /** Resolve only when everything is committed. Default false. */
  readonly committed?: boolean;
  /** Names the request, so that sending the same items again with it takes nothing twice. 1 to 200 visible ASCII. */
  readonly idempotencyKey?: string;
}

/** What a stream of events takes. */
export interface StreamOptions {
  /** Ends the stream without an error. */
  readonly signal?: AbortSignal;
}

/** A factory somewhere else. Every call rejects with a {@link ControlError} when the factory refuses. */
export interface Client {
  /** What the factory is and does. */
  status(): Promise<FactoryStatus>;
  /** Serves with so many workshops from now on; resolves when it is done. */
  scale(workshops: number): Promise<FactoryStatus>;
  /** Admits nothing more for now. */
  pause(): Promise<FactoryStatus>;
  /** Admits items again. */
  resume(): Promise<FactoryStatus>;
  /** Commits what has been admitted so far; resolves to the committed epoch. */
  checkpoint(): Promise<number>;
  /** Finishes what was admitted, commits, closes. */
  drain(): Promise<Summary>;
  /** Every line, as inspected in the last second. */
  lines(): Promise<LineReport[]>;
  /** Every workshop, as inspected in the last second. */
  workshops(): Promise<WorkshopReport[]>;
  /** A page of the workers that are hired at this moment. */
  workers(query?: RosterQuery): Promise<RosterPage>;
  /** The worker of a key, or undefined if it isn't hired. */
  worker(key: string): Promise<WorkerReport | undefined>;
  /** Dismisses a worker after its belt is empty; false if it isn't hired. */
  dismiss(key: string): Promise<boolean>;
  /** What procurement is at. */
  procurement(): Promise<ProcurementReport>;
  /** Sets the pace, or null for none. */
  setRate(ratePerSecond: number | null): Promise<ProcurementReport>;
  /** Hands over items; resolves when they are admitted. Of the rejected, the first 1,000 are described. */
  push(items: readonly unknown[], options?: ClientPushOptions): Promise<Admission>;
  /** What waits for delivery and what was delivered, for each product type. */
  warehouse(): Promise<ProductFigures[]>;
  /** Products as they leave the porter, until the loop is left. A slow loop loses events. */
  tap(type: string, options?: StreamOptions & { key?: string }): AsyncIterable<ProductEvent>;
  /** The latest report. */
  latestInspection(): Promise<Inspection>;
  /** The latest report, then one a second, until the loop is left. */
  inspections(options?: StreamOptions): AsyncIterable<Inspection>;
  /** A page of the dead letters, the oldest first. */
  deadLetters(query?: DeadLetterQuery): Promise<DeadLetterPage>;
  /** Puts dead letters back: all, or those with these ids. Resolves to how many. */
  replayDeadLetters(ids?: readonly number[]): Promise<number>;
  /** Forgets dead letters: all, or those with these ids. Resolves to how many. */
  purgeDeadLetters(ids?: readonly number[]): Promise<number>;
  /** The factory's figures as Prometheus text. */
  metrics(): Promise<string>;
}

/** A client of the factory whose control server is at `url`. Nothing is sent until it is asked something. */
export function client(url: string | URL, options: ClientOptions = {}): Client {
  const { token, signal, fetch: send = fetch } = options;
  const api = hc<App>(String(url), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    fetch: (input: string | URL | Request, init: RequestInit = {}) =>
      send(input, { ...init, signal: either(signal, init.signal ?? undefined) })
        .catch((cause) =>
          Promise.reject(problemOf(cause, { url: String(url), signal: init.signal ?? signal }))
        ),
  });
  return { ...floorCalls(api), ...steeringCalls(api), ...itemCalls(api), ...streamCalls(api) };
}

type Api = ReturnType<typeof hc<App>>;

function steeringCalls({ v1 }: Api): Pick<
  Client,
  "status" | "scale" | "pause" | "resume" | "checkpoint" | "drain" | "procurement" | "setRate"
> {
  return {
    status: async () => await (await expectOk(v1.factory.$get())).json(),
    scale: async (workshops) => await (await expectOk(v1.factory.$patch({ json: { workshops } }))).json(),
    pause: async () => await (await expectOk(v1.factory.pause.$post())).json(),
    resume: async () => await (await expectOk(v1.factory.resume.$post())).json(),
    checkpoint: async () => (await (await expectOk(v1.factory.checkpoint.$post())).json()).epoch,
    drain: async () => await (await expectOk(v1.factory.drain.$post())).json(),
    procurement: async () => await (await expectOk(v1.procurement.$get())).json(),
    setRate: async (ratePerSecond) =>
      await (await expectOk(v1.procurement.$patch({ json: { ratePerSecond } }))).json(),
  };
}

function floorCalls({ v1, metrics }: Api): Pick<
  Client,
  "lines" | "workshops" | "workers" | "worker" | "dismiss" | "warehouse" | "latestInspection" | "metrics"
> {
  const ofKey = v1.workers[":key"];
  return {
    lines: async () => await (await expectOk(v1.lines.$get())).json(),
    workshops: async () => await (await expectOk(v1.workshops.$get())).json(),
    workers: async (query = {}) => await (await expectOk(v1.workers.$get({ query: texts(query) }))).json(),
    worker: async (key) => {
      const response = await ofKey.$get({ param: { key: encodeURIComponent(key) } });
      return await notHired(response) ? undefined : await (await expectOk(response)).json();
    },
    dismiss: async (key) => {
      const response = await ofKey.$delete({ param: { key: encodeURIComponent(key) } });
      return await notHired(response) ? false : (await (await expectOk(response)).json()).dismissed;
    },
    warehouse: async () => await (await expectOk(v1.warehouse.$get())).json(),
    latestInspection: async () => await (await expectOk(v1.inspections.latest.$get())).json(),
    metrics: async () => await (await expectOk(metrics.$get())).text(),
  };
}

function itemCalls({ v1 }: Api): Pick<
  Client,
  "push" | "deadLetters" | "replayDeadLetters" | "purgeDeadLetters"
> {
  const letters = v1["dead-letters"];
  return {
    push: async (items, { committed, idempotencyKey } = {}) => {
      const query = committed ? { wait: "commit" as const } : {};
      const header = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
      const body = { headers: { "content-type": "application/json" }, init: { body: JSON.stringify(items) } };
      const response = await expectOk(v1.materials.$post({ query, header }, body));
      const { accepted, rejected } = await response.json();
      return { accepted, rejected };
    },
    deadLetters: async (query = {}) => await (await expectOk(letters.$get({ query: texts(query) }))).json(),
    replayDeadLetters: async (ids) => {
      const json = ids === undefined ? {} : { ids: [...ids] };
      return (await (await expectOk(letters.replay.$post({ json }))).json()).replayed;
    },
    purgeDeadLetters: async (ids) => {
      const query = ids === undefined ? {} : { ids: ids.join(",") };
      return (await (await expectOk(letters.$delete({ query }))).json()).purged;
    },
  };
}

function streamCalls({ v1 }: Api): Pick<Client, "tap" | "inspections"> {
  return {
    tap: (type, { key, signal } = {}) => {
      const args = { param: { type: encodeURIComponent(type) }, query: key === undefined ? {} : { key } };
      return eventsOf<ProductEvent>((init) => expectOk(v1.products[":type"].$get(args, { init })), signal);
    },
    inspections: ({ signal } = {}) =>
      eventsOf<Inspection>((init) => expectOk(v1.inspections.$get(undefined, { init })), signal),
  };
}

/** 404 means two things: of a worker that isn't hired, the code says so. */
async function notHired(response: { status: number; clone(): unknown }): Promise<boolean> {
  if (response.status !== 404) return false;
  const problem = await (response.clone() as Response).json().catch(() => ({}));
  return problem.code === "NOT_HIRED";
}

/** A query, in which everything is text. */
function texts<T extends object>(query: T): { [K in keyof T]: string } {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)])) as {
    [K in keyof T]: string;
  };
}

function either(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  return a && b ? AbortSignal.any([a, b]) : a ?? b;
}
