/** What the caller handed to the factory for the blueprint's functions: plain, structured-cloneable data. */
export type Settings = Readonly<Record<string, unknown>>;
