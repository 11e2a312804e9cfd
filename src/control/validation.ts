import type { Context } from "hono";
import type { z } from "zod";
import { readBody } from "./body.ts";
import { mediaType } from "./media_type.ts";
import { Problem } from "./problem.ts";

/**
 * The query as a schema sees it. Names that the schema doesn't know are ignored.
 *
 * @throws {Problem} 400 with a message for each field
 */
export function parseQuery<S extends z.ZodType>(c: Context, schema: S): z.output<S> {
  return parse(schema, { value: c.req.query(), code: "QUERY_INVALID", what: "the query" });
}

/**
 * A JSON body as a schema sees it.
 *
 * @throws {Problem} 400 with a message for each field, 413 or 415
 */
export async function parseBody<S extends z.ZodType>(
  c: Context,
  { schema, bodyBytes }: { schema: S; bodyBytes: number },
): Promise<z.output<S>> {
  if (mediaType(c.req.raw) !== "json") {
    throw new Problem(415, "MEDIA_TYPE_UNSUPPORTED", "send application/json");
  }
  const value = await readJson(c.req.raw, bodyBytes);
  return parse(schema, { value, code: "BODY_INVALID", what: "the body" });
}

/**
 * The JSON value of a body.
 *
 * @throws {Problem} 400 when it is not JSON, 413 when it is too large
 */
export async function readJson(request: Request, bodyBytes: number): Promise<unknown> {
  const body = await readBody(request, bodyBytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Problem(400, "BODY_INVALID", "the body is not JSON in UTF-8");
  }
}

function parse<S extends z.ZodType>(
  schema: S,
  { value, code, what }: { value: unknown; code: string; what: string },
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const detail = errors.map(({ field, message }) => field ? `${field}: ${message}` : message).join("; ");
  throw new Problem(400, code, `${what} is not what was wanted: ${detail}`, { members: { errors } });
}
