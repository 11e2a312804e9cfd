/**
 * The description of a service that workers call.
 *
 * @module
 */

/** How a service is spoken to. */
export type Protocol = "json" | "connect";

/** A method as `@bufbuild/protobuf` describes it: a `DescMethod` fits. */
export interface MethodSchema {
  /** As the schema spells it: `GetRaw`. */
  readonly name: string;
  /** As generated code spells it: `getRaw`. */
  readonly localName: string;
  /** Only `unary` methods can be called. */
  readonly methodKind: string;
  /** The descriptor of what it takes. */
  readonly input: object;
  /** The descriptor of what it answers. */
  readonly output: object;
}

/**
 * A service as `@bufbuild/protobuf` describes it: a `DescService` fits. Written as the few fields that are read, so
 * that no type of a package is part of this library's.
 */
export interface ServiceSchema {
  /** What tells a service from other descriptors. */
  readonly kind: "service";
  /** `package.Service` */
  readonly typeName: string;
  /** All of its methods. */
  readonly methods: readonly MethodSchema[];
}

/** A service: where it is, and how it is spoken to. */
export interface Service {
  /**
   * `json`: POST to `<endpoint>/<method>` with a JSON body, answered by JSON. `connect`: the Connect protocol, unary,
   * over HTTP/1.1; methods are named `package.Service/Method`.
   */
  readonly protocol: Protocol;
  /** Base URLs, `http:` or `https:`. Either these or a registry. */
  readonly endpoints?: readonly string[];
  /** Where its endpoints are found out: `etcd://host:2379`, `nats://host:4222`, `memory:`. */
  readonly registry?: string;
  /** Its name in the registry. Default: its name in the blueprint. */
  readonly name?: string;
  /** With it, `connect` speaks protobuf instead of JSON, and methods may be named without their service. */
  readonly schema?: ServiceSchema;
  /** Headers of every call, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A call's deadline unless the call has one. Default: what is left of the turn's time. */
  readonly deadlineMs?: number;
  /** An idempotent call without an answer after so long is made once more elsewhere. Default: never. */
  readonly hedgeMs?: number;
  /** Attempts of an idempotent call. Default 4. */
  readonly attempts?: number;
  /** Most calls of one workshop in flight; the adaptive limit stays below. Default 1,024. */
  readonly concurrency?: number;
}

/** Services by the name that `context.call` uses. */
export type Services = Readonly<Record<string, Service>>;

/** How one call is made. */
export interface CallOptions {
  /** Default: the service's, else what is left of the turn's time; never more than that. */
  readonly deadlineMs?: number;
  /** It does no harm to make it twice: then failures are retried, and slow calls hedged. Default false. */
  readonly idempotent?: boolean;
  /** Gives the call up. The turn's own signal does so too. */
  readonly signal?: AbortSignal;
}
