import type { Context, MiddlewareHandler } from "hono";
import { resolver, uniqueSymbol } from "hono-openapi";
import type { z } from "zod";
import { readBody } from "./body.ts";
import { mediaType } from "./media_type.ts";
import { Problem } from "./problem.ts";
import type { Reception } from "./reception.ts";

/** Where validated values are handed on: the handler finds them with `c.req.valid(target)`. */
type Target = "query" | "param" | "header" | "json";

/** Middleware that says to the handler, and to the typed client, what it has validated. */
type Validated<T extends Target, S extends z.ZodType> = MiddlewareHandler<
  object,
  string,
  { in: { [K in T]: z.input<S> }; out: { [K in T]: z.output<S> } }
>;

/** What readers of bodies work with. */
export type BodyReading = Pick<Reception, "bodyBytes" | "bodyMs" | "clock">;

/** Checks the query. Names that the schema doesn't know are ignored; the first of several values counts. */
export function query<S extends z.ZodType>(schema: S): Validated<"query", S> {
  const read = (c: Context) => c.req.query();
  return validated("query", { schema, read, code: "QUERY_INVALID", what: "the query" });
}

/** Checks the path's parameters. */
export function param<S extends z.ZodType>(schema: S): Validated<"param", S> {
  const read = (c: Context) => c.req.param();
  return validated("param", { schema, read, code: "PATH_INVALID", what: "the path" });
}

/** Checks headers; the schema names them in lower case. */
export function header<S extends z.ZodType>(schema: S): Validated<"header", S> {
  const read = (c: Context) => Object.fromEntries(c.req.raw.headers);
  return validated("header", { schema, read, code: "HEADER_INVALID", what: "the headers" });
}

/**
 * Checks a JSON body: 415 when it is none, 413 when it is too large, 408 when it takes too long. No body at all
 * stands for an empty object.
 */
export function body<S extends z.ZodType>(schema: S, reading: BodyReading): Validated<"json", S> {
  const read = async (c: Context) => {
    if (mediaType(c.req.raw) === "json") return await readJson(c.req.raw, reading);
    if (!c.req.raw.headers.has("content-type") && (await readBody(c.req.raw, reading)).length === 0) {
      return {};
    }
    throw new Problem(415, "MEDIA_TYPE_UNSUPPORTED", "send application/json");
  };
  return validated("json", { schema, read, code: "BODY_INVALID", what: "the body" });
}

/**
 * The JSON value of a body.
 *
 * @throws {Problem} 400 when it is not JSON, 408 when it takes too long, 413 when it is too large
 */
export async function readJson(request: Request, reading: BodyReading): Promise<unknown> {
  const bytes = await readBody(request, reading);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, "BODY_INVALID", "the body is not JSON in UTF-8");
  }
}

interface Validation<S extends z.ZodType> {
  readonly schema: S;
  readonly read: (c: Context) => unknown;
  readonly code: string;
  readonly what: string;
}

/** The schema that validates is the one that the document shows: it is left where the generator looks for it. */
function validated<T extends Target, S extends z.ZodType>(
  target: T,
  { schema, read, code, what }: Validation<S>,
): Validated<T, S> {
  const middleware: Validated<T, S> = async (c, next) => {
    c.req.addValidatedData(target, parse(schema, { value: await read(c), code, what }) as object);
    await next();
  };
  return Object.assign(middleware, { [uniqueSymbol]: { target, ...resolver(schema) } });
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
