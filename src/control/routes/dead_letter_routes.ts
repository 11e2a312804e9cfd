import { Hono } from "hono";
import { answer, endpoint } from "../endpoint.ts";
import type { Reception } from "../reception.ts";
import {
  deadLetterPage,
  deadLetterQuery,
  purged,
  purgeQuery,
  replayed,
  replayOrder,
} from "../schemas/dead_letter_schemas.ts";
import { body, query } from "../validation.ts";

const tag = "dead letters";

/** What was given up: to be looked at, tried again, or forgotten. */
export function deadLetterRoutes(reception: Reception) {
  const { factory } = reception;
  return new Hono()
    .get(
      "/v1/dead-letters",
      endpoint({
        tag,
        summary: "A page of the dead letters",
        answers: { 200: { description: "The oldest first.", schema: deadLetterPage } },
        problems: { 400: "The query makes no sense" },
      }),
      query(deadLetterQuery),
      async (c) => answer(await factory.deadLetters(c.req.valid("query"))),
    )
    .post(
      "/v1/dead-letters/replay",
      endpoint({
        tag,
        summary: "Put dead letters back through the factory",
        description: "All, or those with these ids. Letters that stand for no item are left where they are.",
        answers: { 200: { description: "How many have been put back.", schema: replayed } },
        problems: { 400: "A field is wrong" },
      }),
      body(replayOrder, reception),
      async (c) => answer({ replayed: await factory.replayDeadLetters(c.req.valid("json").ids) }),
    )
    .delete(
      "/v1/dead-letters",
      endpoint({
        tag,
        summary: "Forget dead letters",
        description: "All, or those with these ids: `?ids=1,2`.",
        answers: { 200: { description: "How many have been forgotten.", schema: purged } },
        problems: { 400: "The query makes no sense" },
      }),
      query(purgeQuery),
      async (c) => answer({ purged: await factory.purgeDeadLetters(c.req.valid("query").ids) }),
    );
}
