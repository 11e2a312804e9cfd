import config from "../../deno.json" with { type: "json" };

/** The version of Shopfloor, as published. */
export const VERSION: string = config.version;
