import type { Hono } from "hono";
import type { Factory } from "../../headquarters/mod.ts";
import { messageOf } from "../../core/mod.ts";
import { jsonResponse } from "../json.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";

/** Whether the factory lives, and whether it takes anything: for whoever restarts or balances it. No token needed. */
export function healthRoutes(app: Hono, { factory }: Reception): void {
  app.get("/livez", async () => answer(await reasons(factory, "live")));
  app.get(
    "/readyz",
    async () => answer([...await reasons(factory, "ready"), ...await stateReasons(factory)]),
  );
}

function answer(found: readonly string[]): Response {
  const reasons = [...new Set(found)];
  if (reasons.length === 0) return jsonResponse({ status: "ok", reasons });
  throw new Problem(503, "UNHEALTHY", reasons.join("; "), { members: { reasons } });
}

async function reasons(factory: Factory, kind: "live" | "ready"): Promise<string[]> {
  try {
    return (await factory.health())[kind];
  } catch (error) {
    return [messageOf(error)];
  }
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
