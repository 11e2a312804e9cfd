import type { Hono } from "hono";
import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { jsonResponse } from "../json.ts";
import { type OpenApiDocument, openApiDocument } from "../open_api.ts";
import { REFERENCE_ASSETS, referencePage } from "../reference/mod.ts";

const tag = "documents";
const anyObject = z.record(z.string(), z.unknown());

/** The endpoints described: for programs, and for people. */
export function documentRoutes(app: Hono): void {
  let made: Promise<OpenApiDocument> | undefined;
  const document = () => made ??= openApiDocument(app); // at the first question: every route is there by then
  app.get(
    "/openapi.json",
    endpoint({
      tag,
      summary: "This document",
      answers: { 200: { description: "OpenAPI 3.1.", schema: anyObject } },
    }),
    async () => jsonResponse(await document()),
  );
  app.get(
    "/docs",
    endpoint({
      tag,
      summary: "This document, for people",
      answers: { 200: { description: "A page without assets from outside.", media: "text/html" } },
    }),
    async () => referencePage(await document()),
  );
  for (const [path, asset] of REFERENCE_ASSETS) app.get(path, () => asset());
}
