import { Hono } from "hono";
import { z } from "zod";
import { answer, endpoint } from "../endpoint.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { line, workshop, workshopPath } from "../schemas/floor_schemas.ts";
import { param } from "../validation.ts";

const tag = "floor";

/** Lines and the workshops behind them. */
export function workshopRoutes({ factory }: Reception) {
  return new Hono()
    .get(
      "/v1/lines",
      endpoint({
        tag,
        summary: "Every line, as inspected in the last second",
        answers: { 200: { description: "One for each workshop.", schema: z.array(line) } },
      }),
      async () => answer(await factory.lines()),
    )
    .get(
      "/v1/workshops",
      endpoint({
        tag,
        summary: "Every workshop, as inspected in the last second",
        answers: { 200: { description: "In the order of their ids.", schema: z.array(workshop) } },
      }),
      async () => answer(await factory.workshops()),
    )
    .get(
      "/v1/workshops/:id",
      endpoint({
        tag,
        summary: "One workshop",
        answers: { 200: { description: "The workshop.", schema: workshop } },
        problems: { 400: "The id is no whole number", 404: "There is no such workshop" },
      }),
      param(workshopPath),
      async (c) => {
        const { id } = c.req.valid("param");
        const found = (await factory.workshops()).find((candidate) => candidate.id === id);
        if (found === undefined) throw new Problem(404, "NOT_FOUND", `there is no workshop ${id}`);
        return answer(found);
      },
    );
}
