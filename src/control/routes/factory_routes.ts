import { Hono } from "hono";
import { answer, endpoint } from "../endpoint.ts";
import type { Reception } from "../reception.ts";
import { checkpoint, factoryChange, factoryStatus, summary } from "../schemas/factory_schemas.ts";
import { body } from "../validation.ts";

const tag = "factory";

/** At full load departments are asked no longer than this: whoever watches wants an answer, not the latest digit. */
const STATUS_MS = 8;

/** The factory as a whole. Its type, and that of every other route, is what the typed client is made from. */
export function factoryRoutes(reception: Reception) {
  const { factory } = reception;
  return new Hono()
    .get(
      "/v1/factory",
      endpoint({
        tag,
        summary: "What the factory is and does",
        answers: {
          200: {
            description: "Its state and totals at this moment; at full load those of the last second.",
            schema: factoryStatus,
          },
        },
      }),
      async () => answer(await factory.status({ withinMs: STATUS_MS })),
    )
    .patch(
      "/v1/factory",
      endpoint({
        tag,
        summary: "Rescale, live",
        description: "Whole slots move with their workers, between two epochs. Answers when it is done.",
        answers: { 200: { description: "The factory with its new workshops.", schema: factoryStatus } },
        problems: { 400: "No such number of workshops" },
      }),
      body(factoryChange, reception),
      async (c) => {
        await factory.scale(c.req.valid("json").workshops);
        return answer(await factory.status());
      },
    )
    .route("/", stateRoutes(reception));
}

/** What changes the state of the whole. */
function stateRoutes({ factory }: Reception) {
  return new Hono()
    .post(
      "/v1/factory/pause",
      endpoint({
        tag,
        summary: "Admit nothing more for now",
        description: "The source rests and pushes wait; what was admitted goes through and is committed.",
        answers: { 200: { description: "The factory, paused.", schema: factoryStatus } },
      }),
      async () => {
        await factory.pause();
        return answer(await factory.status());
      },
    )
    .post(
      "/v1/factory/resume",
      endpoint({
        tag,
        summary: "Admit items again",
        answers: { 200: { description: "The factory, open.", schema: factoryStatus } },
      }),
      async () => {
        await factory.resume();
        return answer(await factory.status());
      },
    )
    .post(
      "/v1/factory/checkpoint",
      endpoint({
        tag,
        summary: "Commit what has been admitted so far",
        answers: { 200: { description: "The epoch that has been committed.", schema: checkpoint } },
      }),
      async () => answer({ epoch: await factory.checkpoint() }),
    )
    .post(
      "/v1/factory/drain",
      endpoint({
        tag,
        summary: "Finish what was admitted, commit, close",
        answers: { 200: { description: "What the run came to.", schema: summary } },
      }),
      async () => answer(await factory.drain()),
    );
}
