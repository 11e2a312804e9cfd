/**
 * A schema as the types see it: anything that follows Standard Schema, of which zod is what Shopfloor reads.
 *
 * @module
 */

/** A zod schema. Written as its Standard Schema types, so that no type of a package is part of this library's. */
export interface Schema<Input = unknown, Output = Input> {
  /** Standard Schema's own property. `types` is there for TypeScript alone: it has no value. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What may be put into a schema. */
export type InputOf<S extends Schema> = NonNullable<S["~standard"]["types"]>["input"];

/** What comes out of a schema. */
export type OutputOf<S extends Schema> = NonNullable<S["~standard"]["types"]>["output"];
