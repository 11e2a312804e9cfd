import type { MiddlewareHandler } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import type { TypedResponse } from "hono/types";
import { describeRoute, resolver } from "hono-openapi";
import type { z } from "zod";
import { jsonResponse } from "./json.ts";
import { problem } from "./schemas/problem_schemas.ts";

/** What an endpoint answers when all goes well. */
export interface Answer {
  readonly description: string;
  /** Absent for text that no schema describes. */
  readonly schema?: z.ZodType;
  /** Default `application/json`. Of an event stream, the schema is that of one event's data. */
  readonly media?: string;
}

/** An endpoint for the document: what a person has to know besides what its schemas say. */
export interface EndpointSpec {
  readonly summary: string;
  readonly description?: string;
  readonly tag: "factory" | "floor" | "materials" | "products" | "dead letters" | "health" | "documents";
  readonly answers: Readonly<Record<number, Answer>>;
  /** Problems of its own, by status; those that any request may meet go without saying. */
  readonly problems?: Readonly<Record<number, string>>;
  /** No token needed. */
  readonly open?: boolean;
  /** Bodies in other media types than the one that is validated. */
  readonly bodies?: Readonly<Record<string, { readonly description: string; readonly schema: z.ZodType }>>;
}

/** Describes the route that it stands in. Does nothing to requests. */
export function endpoint(spec: EndpointSpec): MiddlewareHandler {
  const { summary, description, tag, open, bodies } = spec;
  return describeRoute({
    summary,
    ...description === undefined ? {} : { description },
    tags: [tag],
    ...open ? { security: [] } : {},
    ...bodies === undefined ? {} : { requestBody: { required: true, content: mapValues(bodies, media) } },
    responses: {
      ...mapValues(spec.answers, ({ description, schema, media = "application/json" }) => ({
        description,
        content: {
          [media]: schema === undefined ? { schema: { type: "string" } } : { schema: resolver(schema) },
        },
      })),
      ...mapValues(spec.problems ?? {}, problemOf),
      default: problemOf("Any other problem"),
    },
  });
}

/** A JSON answer that says its type to the typed client. */
export function answer<T, S extends StatusCode = 200>(
  value: T,
  status: S = 200 as S,
): Response & TypedResponse<T, S, "json"> {
  return jsonResponse(value, status) as Response & TypedResponse<T, S, "json">;
}

function media({ schema }: { readonly schema: z.ZodType }): { schema: ReturnType<typeof resolver> } {
  return { schema: resolver(schema) };
}

function problemOf(
  description: string,
): { description: string; content: Record<string, { schema: ReturnType<typeof resolver> }> } {
  return { description, content: { "application/problem+json": { schema: resolver(problem) } } };
}

function mapValues<T, U>(
  record: Readonly<Record<string | number, T>>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
