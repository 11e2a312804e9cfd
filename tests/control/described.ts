import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { OpenApiDocument } from "../../src/control/open_api.ts";
import type { Desk, Json } from "./client.ts";

/** The document of a desk's endpoints, and answers held against it. */
export class Described {
  readonly document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.document = document;
    this.#ajv.addSchema(closed(document) as object, "document");
  }

  static async of({ ask }: Desk, init?: RequestInit): Promise<Described> {
    return new Described(await (await ask("/openapi.json", init)).json());
  }

  /** What the document lists: `GET /v1/lines 200`. What any request may meet (`default`) is not in it. */
  listed(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses).filter((status) => status !== "default")
          .map((status) => `${method.toUpperCase()} ${path} ${status}`)
      )
    );
  }

  /** What is wrong with an answer's value, as the document sees it; nothing if all is well. */
  faults(
    operation: string,
    { status, media, value }: { status: number; media: string; value: Json },
  ): string[] {
    const [method, path] = operation.split(" ");
    const responses = this.document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
    const name = String(status) in responses ? String(status) : "default";
    if (responses[name]?.content?.[media] === undefined) {
      return [`${operation} ${status} answers no ${media}`];
    }
    const place = ["paths", path, method.toLowerCase(), "responses", name, "content", media, "schema"];
    const pointer = `document#/${place.map((step) => encodeURIComponent(escaped(step))).join("/")}`;
    const validate = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: pointer });
    this.#validators.set(pointer, validate);
    if (validate(value)) return [];
    return validate.errors!.map(({ instancePath, message, params }) =>
      `${operation} ${status}: ${instancePath} ${message} ${JSON.stringify(params)}`
    );
  }
}

/** For tests, what a schema doesn't name may not be there. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, closed(field)] as const);
  const open = "properties" in value && (value as { type?: unknown }).type === "object" &&
    !("additionalProperties" in value);
  return Object.fromEntries(open ? [...fields, ["additionalProperties", false]] : fields);
}

function escaped(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
