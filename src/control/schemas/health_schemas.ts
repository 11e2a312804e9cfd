import { z } from "zod";

/** A factory that is well. */
export const health: z.ZodType<{ status: "ok"; reasons: string[] }> = z.object({
  status: z.literal("ok"),
  reasons: z.array(z.string()),
}).meta({ id: "Health" });
