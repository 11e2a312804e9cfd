/** The bodies that are understood: one JSON document, or one to each line. */
export type MediaType = "json" | "ndjson";

const TYPES: Readonly<Record<string, MediaType>> = {
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
  "application/jsonl": "ndjson",
};

/** What a request says its body is; undefined when that isn't understood, or the body is compressed. */
export function mediaType({ headers }: Request): MediaType | undefined {
  if ((headers.get("content-encoding") ?? "identity") !== "identity") return undefined;
  const type = (headers.get("content-type") ?? "").split(";", 1)[0].trim().toLowerCase();
  return Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
}
