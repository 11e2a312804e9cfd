/**
 * The Connect protocol, unary, over HTTP/1.1.
 *
 * @module
 */

import { RpcError } from "../core/mod.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { codeOfConnectStatus, CODES } from "./codes.ts";
import { checkMethod, type EncodedCall, jsonOf, type ProtocolCodec, type Refusal } from "./protocol.ts";
import type { MethodSchema, ServiceSchema } from "./service.ts";

/** Writes and reads the messages of one method. */
export interface MessageFormat {
  /** @throws when the payload doesn't fit */
  write(payload: unknown): Uint8Array;
  /** @throws when the bytes aren't such a message */
  read(bytes: Uint8Array): unknown;
}

/** What messages are made with: `@bufbuild/protobuf`, given in so that only who needs it loads it. */
export type MessageFormats = (method: MethodSchema) => MessageFormat;

const HEADERS = { "connect-protocol-version": "1" };

/**
 * POST to `<endpoint>/package.Service/Method`; JSON, or protobuf if there is a schema. The call's remaining time goes
 * along as `connect-timeout-ms`.
 */
export class ConnectProtocol implements ProtocolCodec {
  readonly deadlineHeader = "connect-timeout-ms";
  /** One object for all calls. */
  readonly #headers: Readonly<Record<string, string>>;
  readonly #schema: ServiceSchema | undefined;
  readonly #formats: ReadonlyMap<string, MessageFormat>;

  constructor(binary?: { schema: ServiceSchema; formats: MessageFormats }) {
    this.#schema = binary?.schema;
    this.#headers = { ...HEADERS, "content-type": binary ? "application/proto" : "application/json" };
    const unary = binary?.schema.methods.filter(({ methodKind }) => methodKind === "unary") ?? [];
    this.#formats = new Map(
      unary.flatMap((method) => {
        const format = binary!.formats(method);
        return [[method.name, format], [method.localName, format]];
      }),
    );
  }

  encode(method: string, payload: unknown): EncodedCall {
    const headers = this.#headers;
    if (this.#schema) return { ...this.#binary(this.#schema, method, payload), headers };
    return {
      path: checkMethod(method),
      headers,
      body: jsonOf(payload),
      decode: (answer) => decodeJson(answer),
    };
  }

  refusal({ status, body, headers }: HttpAnswer): Refusal | undefined {
    if (status === 200) return undefined;
    const error = (headers.get("content-type") ?? "").startsWith("application/json") ? parsed(body) : {};
    const { code, message, details } = error;
    if (typeof code !== "string" || !CODES.has(code)) {
      return { code: codeOfConnectStatus(status), message: `HTTP ${status}` };
    }
    return { code, message: typeof message === "string" ? message : "", details };
  }

  #binary(schema: ServiceSchema, method: string, payload: unknown): Omit<EncodedCall, "headers"> {
    const prefix = `${schema.typeName}/`;
    const name = method.startsWith(prefix) ? method.slice(prefix.length) : method;
    const format = this.#formats.get(name);
    if (format === undefined) {
      throw new RpcError(`${schema.typeName} has no unary method ${JSON.stringify(name)}`, {
        code: "unimplemented",
      });
    }
    const spelled = schema.methods.find((known) => known.name === name || known.localName === name)!.name;
    return {
      path: prefix + spelled,
      body: written(format, payload),
      decode(answer) {
        expectType(answer, "application/proto");
        return format.read(answer.body);
      },
    };
  }
}

function written(format: MessageFormat, payload: unknown): Uint8Array {
  try {
    return format.write(payload);
  } catch (cause) {
    throw new RpcError("the payload doesn't fit its message", { code: "invalid_argument", cause });
  }
}

function decodeJson(answer: HttpAnswer): unknown {
  expectType(answer, "application/json");
  return JSON.parse(answer.body.toString("utf8"));
}

/** A proxy's greeting isn't an answer, whatever its status. */
function expectType({ headers }: HttpAnswer, wanted: string): void {
  const found = headers.get("content-type") ?? "nothing";
  if (!found.startsWith(wanted)) throw new TypeError(`expected ${wanted}, found ${found}`);
}

function parsed(body: HttpAnswer["body"]): Record<string, unknown> {
  try {
    return JSON.parse(body.toString("utf8")) ?? {};
  } catch {
    return {};
  }
}
