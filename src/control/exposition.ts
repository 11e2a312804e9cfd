import { Counter, Gauge, Registry } from "prom-client";
import type { Factory } from "../headquarters/mod.ts";
import { residentMemoryBytes } from "../platform/mod.ts";
import { type Series, seriesOfInspection, seriesOfProducts, seriesOfStatus } from "./series.ts";

const PREFIX = "shopfloor_";

/** A request, counted. */
export interface CountedRequest {
  readonly method: string;
  /** The route's pattern, never the path itself: the number of series must stay bounded. */
  readonly route: string;
  readonly status: number;
}

/** The factory's figures as Prometheus text, gathered when asked for. */
export class Exposition {
  readonly #factory: Factory;
  readonly #streams: () => number;
  readonly #requests = new Counter({
    name: `${PREFIX}http_requests_total`,
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers: [],
  });

  /** @param streams how many event streams are open */
  constructor(factory: Factory, streams: () => number) {
    this.#factory = factory;
    this.#streams = streams;
  }

  /** What the text is. */
  get contentType(): string {
    return Registry.PROMETHEUS_CONTENT_TYPE;
  }

  countRequest({ method, route, status }: CountedRequest): void {
    this.#requests.inc({ method, route, status });
  }

  /**
   * The text. It is made anew each time, so that nothing outlives what it was about; a factory that can't say how
   * it is leaves out its own figures, not the process's.
   */
  async text(): Promise<string> {
    const registry = new Registry();
    registry.registerMetric(this.#requests);
    for (const series of [...await this.#factorySeries(), ...this.#processSeries()]) {
      register(series, registry);
    }
    return await registry.metrics();
  }

  async #factorySeries(): Promise<Series[]> {
    const [status, products] = await Promise.allSettled([this.#factory.status(), this.#factory.warehouse()]);
    const inspection = this.#factory.latestInspection();
    return [
      ...status.status === "fulfilled" ? seriesOfStatus(status.value) : [],
      ...products.status === "fulfilled" ? seriesOfProducts(products.value) : [],
      ...inspection === undefined ? [] : seriesOfInspection(inspection),
    ];
  }

  #processSeries(): Series[] {
    const memory: Series = {
      type: "gauge",
      name: "process_resident_memory_bytes",
      help: "Resident memory of the process.",
      samples: [{ value: residentMemoryBytes() }],
    };
    const streams: Series = {
      type: "gauge",
      name: "http_streams",
      help: "Event streams open.",
      samples: [{ value: this.#streams() }],
    };
    return [memory, { ...memory, bare: true }, streams]; // dashboards know the memory of a process by the bare name
  }
}

function register({ type, name, bare, help, samples }: Series, registry: Registry): void {
  const labelNames = samples.flatMap(({ label }) => label ?? []).slice(0, 1).map(String);
  const config = { name: bare ? name : PREFIX + name, help, labelNames, registers: [registry] };
  const metric = type === "counter" ? new Counter(config) : new Gauge(config);
  for (const { label, value } of samples) {
    metric.inc(label === undefined ? {} : { [label[0]]: label[1] }, value);
  }
}
