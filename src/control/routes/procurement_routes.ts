import { Hono } from "hono";
import { answer, endpoint } from "../endpoint.ts";
import type { Reception } from "../reception.ts";
import { procurement, procurementChange } from "../schemas/procurement_schemas.ts";
import { body } from "../validation.ts";

const tag = "materials";

/** Buying: pace and pause. */
export function procurementRoutes(reception: Reception) {
  const { factory } = reception;
  return new Hono()
    .get(
      "/v1/procurement",
      endpoint({
        tag,
        summary: "What procurement is at",
        answers: { 200: { description: "Source, offsets, pace.", schema: procurement } },
      }),
      async () => answer(await factory.procurement()),
    )
    .patch(
      "/v1/procurement",
      endpoint({
        tag,
        summary: "Change the pace, pause, resume",
        answers: { 200: { description: "Procurement, changed.", schema: procurement } },
        problems: { 400: "A field is wrong; nothing is changed" },
      }),
      body(procurementChange, reception),
      async (c) => {
        const { ratePerSecond, paused } = c.req.valid("json");
        if (ratePerSecond !== undefined) await factory.setRate(ratePerSecond);
        if (paused !== undefined) await (paused ? factory.pause() : factory.resume());
        return answer(await factory.procurement());
      },
    );
}
