/**
 * Traces of a factory with OpenTelemetry: admission → epoch → delivery, below whatever span its caller is in (the
 * control server opens one for each request).
 *
 * Nothing here happens per item. The API alone is needed, and does nothing until somebody registers an SDK; it is
 * loaded only if traces are asked for.
 *
 * @module
 */

import type { Context, Span, SpanContext, Tracer } from "@opentelemetry/api";
import { type Clock, messageOf } from "../core/mod.ts";
import { OPEN_EPOCHS, TRACED_EPOCHS } from "../core/limits.ts";
import { VERSION } from "./version.ts";

type Api = typeof import("@opentelemetry/api");

/** What became of pushed items, as far as traces care. */
export interface TracedAdmission {
  readonly accepted: number;
  readonly rejected: readonly unknown[];
  /** Epoch that the items belong to. */
  readonly epoch: number;
}

/** A delivery that a sink has taken. */
export interface TracedDelivery {
  readonly type: string;
  readonly sink: string;
  readonly epoch: number;
  /** Products. */
  readonly count: number;
  /** Attempts that failed before. */
  readonly failures: number;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly ms: number;
}

/**
 * The spans of one factory. An epoch's span begins with the first admission to it, whose child it is, or with its
 * first delivery; it ends with its commit. Admissions that come later to the same epoch are linked with it.
 */
export class Traces {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #factory: string;
  /** Of epochs that are not committed; the OPEN_EPOCHS that there may be, and those whose commit was not seen. */
  readonly #epochs = new Map<number, Span>();
  /** Of epochs that are, for admissions that waited for the commit. */
  readonly #committed = new Map<number, SpanContext>();

  constructor(api: Api, { factory, clock }: { factory: string; clock: Clock }) {
    this.#api = api;
    this.#tracer = api.trace.getTracer("shopfloor", VERSION);
    this.#factory = factory;
    this.#clock = clock;
  }

  /** Loads OpenTelemetry's API. */
  static async open(options: { factory: string; clock: Clock }): Promise<Traces> {
    return new Traces(await import("@opentelemetry/api"), options);
  }

  /** Runs `push` in a span of its own. */
  async admission<A extends TracedAdmission>(items: number, push: () => Promise<A>): Promise<A> {
    const { context, trace, SpanStatusCode } = this.#api;
    const attributes = { "shopfloor.factory": this.#factory, "shopfloor.items": items };
    const startTime = this.#clock.now();
    const span = this.#tracer.startSpan("shopfloor.admission", { attributes, startTime });
    const within = trace.setSpan(context.active(), span);
    try {
      const admission = await context.with(within, push);
      span.setAttributes({
        "shopfloor.accepted": admission.accepted,
        "shopfloor.rejected": admission.rejected.length,
        "shopfloor.epoch": admission.epoch,
      });
      if (admission.accepted > 0) this.#admitted(admission.epoch, { span, within, startTime });
      return admission;
    } catch (error) {
      span.recordException(error instanceof Error ? error : messageOf(error));
      span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
      throw error;
    } finally {
      span.end(this.#clock.now());
    }
  }

  /** A sink has taken a delivery. */
  delivered({ type, sink, epoch, count, failures, startedAt, ms }: TracedDelivery): void {
    const { trace, ROOT_CONTEXT } = this.#api;
    const parent = trace.setSpan(
      ROOT_CONTEXT,
      this.#epoch(epoch, { within: ROOT_CONTEXT, startTime: startedAt }),
    );
    const attributes = {
      "shopfloor.factory": this.#factory,
      "shopfloor.product": type,
      "shopfloor.sink": sink,
      "shopfloor.epoch": epoch,
      "shopfloor.products": count,
      "shopfloor.failed_attempts": failures,
    };
    this.#tracer.startSpan("shopfloor.delivery", { attributes, startTime: startedAt }, parent).end(
      startedAt + ms,
    );
  }

  /** An epoch has been committed. Nothing is said of one in which nothing happened. */
  committed(epoch: number): void {
    const span = this.#epochs.get(epoch);
    if (span === undefined) return;
    span.end(this.#clock.now());
    this.#epochs.delete(epoch);
    this.#committed.set(epoch, span.spanContext());
    for (const old of this.#committed.keys()) {
      if (this.#committed.size <= TRACED_EPOCHS) break;
      this.#committed.delete(old);
    }
  }

  /** Ends what is open: it was not committed. */
  close(): void {
    for (const epoch of this.#epochs.keys()) this.#abandon(epoch);
  }

  #admitted(
    epoch: number,
    { span, within, startTime }: { span: Span; within: Context; startTime: number },
  ): void {
    const known = this.#epochs.get(epoch);
    const committed = this.#committed.get(epoch);
    if (committed) span.addLink({ context: committed });
    else if (known) {
      known.addLink({ context: span.spanContext() });
      span.addLink({ context: known.spanContext() });
    } else this.#epoch(epoch, { within, startTime });
  }

  #epoch(epoch: number, { within, startTime }: { within: Context; startTime: number }): Span {
    const known = this.#epochs.get(epoch);
    if (known) return known;
    const attributes = { "shopfloor.factory": this.#factory, "shopfloor.epoch": epoch };
    const span = this.#tracer.startSpan("shopfloor.epoch", { attributes, startTime }, within);
    this.#epochs.set(epoch, span);
    for (const old of this.#epochs.keys()) if (old < epoch - 2 * OPEN_EPOCHS) this.#abandon(old);
    return span;
  }

  #abandon(epoch: number): void {
    const span = this.#epochs.get(epoch);
    span?.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: "not seen to be committed" });
    span?.end(this.#clock.now());
    this.#epochs.delete(epoch);
  }
}
