import type { Hono } from "hono";
import { z } from "zod";
import { jsonResponse } from "../json.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { streamResponse } from "../stream_response.ts";
import { parseQuery } from "../validation.ts";

const tapQuery = z.object({ key: z.string().min(1).optional() });

/** Products: waiting in the warehouse, and as they leave the porter. */
export function productRoutes(app: Hono, reception: Reception): void {
  const { factory } = reception;
  app.get("/v1/warehouse", async () => jsonResponse(await factory.warehouse()));
  app.get("/v1/products/:type", (c) => {
    const type = c.req.param("type");
    if (!factory.products.includes(type)) {
      const known = factory.products.join(", ");
      throw new Problem(404, "NOT_FOUND", `there is no product type ${type}; there are: ${known}`);
    }
    const { key } = parseQuery(c, tapQuery);
    return streamResponse(c.req.raw, { reception, open: (signal) => factory.tap(type, { key, signal }) });
  });
}
