import { Hono } from "hono";
import { z } from "zod";
import { answer, endpoint } from "../endpoint.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { productEvent, productFigures, tapQuery } from "../schemas/product_schemas.ts";
import { streamResponse } from "../stream_response.ts";
import { query } from "../validation.ts";

const tag = "products";

/** Products: waiting in the warehouse, and as they leave the porter. */
export function productRoutes(reception: Reception) {
  const { factory } = reception;
  return new Hono()
    .get(
      "/v1/warehouse",
      endpoint({
        tag,
        summary: "What waits for delivery and what was delivered",
        answers: { 200: { description: "One for each product type.", schema: z.array(productFigures) } },
      }),
      async () => answer(await factory.warehouse()),
    )
    .get(
      "/v1/products/:type",
      endpoint({
        tag,
        summary: "Products as they leave the porter",
        description:
          "Server-Sent Events, each a product. A slow reader loses events; the factory waits for none.",
        answers: {
          200: { description: "A stream of events.", media: "text/event-stream", schema: productEvent },
        },
        problems: { 404: "There is no such product type", 503: "Too many streams are open" },
      }),
      query(tapQuery),
      (c) => {
        const type = c.req.param("type");
        if (!factory.products.includes(type)) {
          const known = factory.products.join(", ");
          throw new Problem(404, "NOT_FOUND", `there is no product type ${type}; there are: ${known}`);
        }
        const { key } = c.req.valid("query");
        return streamResponse(c.req.raw, { reception, open: (signal) => factory.tap(type, { key, signal }) });
      },
    );
}
