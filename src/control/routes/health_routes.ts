import { Hono } from "hono";
import type { Factory } from "../../headquarters/mod.ts";
import { messageOf } from "../../core/mod.ts";
import { answer, endpoint } from "../endpoint.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { health } from "../schemas/health_schemas.ts";

const shared = {
  tag: "health",
  open: true,
  answers: { 200: { description: "It is.", schema: health } },
  problems: { 503: "It is not: `reasons` says why" },
} as const;

/** Whether the factory lives, and whether it takes anything: for whoever restarts or balances it. No token needed. */
export function healthRoutes({ factory }: Reception) {
  return new Hono()
    .get(
      "/livez",
      endpoint({ ...shared, summary: "Whether the factory is alive" }),
      async () => answer(well(await reasons(factory, "live"))),
    )
    .get(
      "/readyz",
      endpoint({ ...shared, summary: "Whether the factory takes anything" }),
      async () =>
        answer(
          well([
            ...await reasons(factory, "ready"),
            ...await stateReasons(factory),
            ...sinkTroubles(factory),
          ]),
        ),
    );
}

function well(found: readonly string[]): { status: "ok"; reasons: string[] } {
  const reasons = [...new Set(found)];
  if (reasons.length === 0) return { status: "ok", reasons };
  throw new Problem(503, "UNHEALTHY", reasons.join("; "), { members: { reasons } });
}

async function reasons(factory: Factory, kind: "live" | "ready"): Promise<string[]> {
  try {
    return (await factory.health())[kind];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** For how long each failing sink has failed: the reason before it says of what. */
function sinkTroubles(factory: Factory): string[] {
  const products = factory.latestInspection()?.warehouse.products ?? [];
  return products.flatMap(({ type, sink, sinkState, sinkTrouble }) => {
    if (sinkState !== "retrying" && sinkState !== "failed") return [];
    if (!sinkTrouble || sinkTrouble.since === null) return [];
    const { attempts, since } = sinkTrouble;
    const failed = `${attempts} ${attempts === 1 ? "attempt has" : "attempts have"} failed`;
    return [`sink ${sink} of ${type}: ${failed} since ${new Date(since).toISOString()}`];
  });
}

/** A factory that winds down may be in the best of health. */
async function stateReasons(factory: Factory): Promise<string[]> {
  try {
    const { state } = await factory.status();
    return state === "open" || state === "paused" ? [] : [`the factory is ${state}`];
  } catch (error) {
    return [messageOf(error)];
  }
}
