import { z } from "zod";

/** An answer that is no success: RFC 9457, with a stable code. */
export const problem = z.looseObject({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().describe("For a person."),
  code: z.string().describe("For programs: stable, in upper case."),
  requestId: z.string().optional().describe("As the answer's X-Request-Id; the server's log has it too."),
}).meta({ id: "Problem" });
