import { ShopfloorError } from "../core/mod.ts";

/** The command line asks for something that doesn't exist or can't be done. Say it differently; exit code 2. */
export class UsageError extends ShopfloorError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: "USAGE", cause });
  }
}
