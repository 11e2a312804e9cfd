import type { Hono } from "hono";
import { z } from "zod";
import { messageOf } from "../../core/mod.ts";
import { Ingestion } from "../ingestion.ts";
import { mediaType } from "../media_type.ts";
import { type Line, readLines } from "../ndjson_lines.ts";
import { jsonResponse } from "../json.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { parseQuery, readJson } from "../validation.ts";

const materialsQuery = z.object({ wait: z.literal("commit", 'must be "commit"').optional() });

/** Longest reason in an answer: runtimes quote what they could not parse. */
const REASON_UNITS = 200;

/** Materials from whoever has some. */
export function materialsRoutes(app: Hono, reception: Reception): void {
  app.post("/v1/materials", async (c) => {
    const committed = parseQuery(c, materialsQuery).wait === "commit";
    const { factory, closing: signal } = reception;
    const ingestion = new Ingestion({ factory, committed, signal });
    const leave = reception.ingestions.take();
    try {
      await read(c.req.raw, { ingestion, bodyBytes: reception.bodyBytes });
      return jsonResponse(await ingestion.finish(), committed ? 200 : 202);
    } catch (error) {
      throw ingestion.broken(error);
    } finally {
      leave();
    }
  });
}

interface Reading {
  readonly ingestion: Ingestion;
  readonly bodyBytes: number;
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

async function readDocument(request: Request, { ingestion, bodyBytes }: Reading): Promise<void> {
  const document = await readJson(request, bodyBytes);
  for (const item of Array.isArray(document) ? document : [document]) {
    ingestion.add(item);
    if (ingestion.full) await ingestion.handOver();
  }
}

async function readStream(request: Request, { ingestion, bodyBytes }: Reading): Promise<void> {
  if (request.body === null) return;
  for await (const lines of readLines(request.body, bodyBytes)) {
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
