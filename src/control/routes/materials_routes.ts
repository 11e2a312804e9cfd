import { Hono } from "hono";
import { messageOf } from "../../core/mod.ts";
import { answer, endpoint } from "../endpoint.ts";
import { Ingestion } from "../ingestion.ts";
import { mediaType } from "../media_type.ts";
import { type Line, readLines } from "../ndjson_lines.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import {
  ingestionReport,
  materials,
  materialsHeader,
  materialsLines,
  materialsQuery,
} from "../schemas/material_schemas.ts";
import { timely } from "../timely.ts";
import { type BodyReading, header, query, readJson } from "../validation.ts";

/** Longest reason in an answer: runtimes quote what they could not parse. */
const REASON_UNITS = 200;

const description = endpoint({
  tag: "materials",
  summary: "Hand over items",
  description:
    "Valid items are taken even if others are rejected. A body of lines is a stream without an end.",
  bodies: {
    "application/json": { description: "One item, or an array of items.", schema: materials },
    "application/x-ndjson": { description: "An item on each line.", schema: materialsLines },
  },
  answers: {
    200: { description: "With `wait=commit`: everything is committed.", schema: ingestionReport },
    202: { description: "Admitted: on the way to the workers.", schema: ingestionReport },
  },
  problems: {
    400: "Not JSON, or the query or the Idempotency-Key makes no sense",
    408: "The body took too long to come; `next` says where to go on",
    413: "The body, or a line of it, is too large; `next` says where to go on",
    415: "The body is of another type",
    422: "The Idempotency-Key has been used with another body",
    429: "The lines stay full; `next` says where to go on",
    503: "The factory takes nothing more",
  },
});

/** Materials from whoever has some. */
export function materialsRoutes(reception: Reception) {
  return new Hono().post(
    "/v1/materials",
    description,
    query(materialsQuery),
    header(materialsHeader),
    async (c) => {
      const committed = c.req.valid("query").wait === "commit";
      const idempotencyKey = c.req.valid("header")["idempotency-key"];
      const { factory, closing: signal } = reception;
      const ingestion = new Ingestion({ factory, committed, idempotencyKey, signal });
      const leave = reception.ingestions.take();
      try {
        await read(c.req.raw, { ingestion, reading: reception });
        return answer(await ingestion.finish(), committed ? 200 : 202);
      } catch (error) {
        throw ingestion.broken(error);
      } finally {
        leave();
      }
    },
  );
}

interface Reading {
  readonly ingestion: Ingestion;
  readonly reading: BodyReading;
}

async function read(request: Request, reading: Reading): Promise<void> {
  switch (mediaType(request)) {
    case "json":
      return await readDocument(request, reading);
    case "ndjson":
      return await readStream(request, reading);
    default:
      throw new Problem(
        415,
        "MEDIA_TYPE_UNSUPPORTED",
        "send application/json (an item or an array of items) or application/x-ndjson (an item on each line)",
      );
  }
}

async function readDocument(request: Request, { ingestion, reading }: Reading): Promise<void> {
  const document = await readJson(request, reading);
  for (const item of Array.isArray(document) ? document : [document]) {
    ingestion.add(item);
    if (ingestion.full) await ingestion.handOver();
  }
}

async function readStream({ body }: Request, { ingestion, reading }: Reading): Promise<void> {
  const { clock, bodyBytes, bodyMs: limitMs } = reading;
  for await (const lines of readLines(timely(body, { clock, limitMs, renewed: true }), bodyBytes)) {
    for (const line of lines) {
      addLine(line, ingestion);
      if (ingestion.full) await ingestion.handOver();
    }
  }
}

function addLine(line: Line, ingestion: Ingestion): void {
  if (typeof line !== "string") return ingestion.refuse(line.problem);
  try {
    ingestion.add(JSON.parse(line), line.length);
  } catch (error) {
    ingestion.refuse(`not JSON: ${messageOf(error)}`.slice(0, REASON_UNITS));
  }
}
