/** The version of this package; a test holds it to deno.json and package.json. */
export const VERSION: string = "0.1.0";
