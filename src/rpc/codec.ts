/**
 * Which protocol a service speaks.
 *
 * @module
 */

import { ConnectProtocol } from "./connect_protocol.ts";
import { JsonProtocol } from "./json_protocol.ts";
import type { ProtocolCodec } from "./protocol.ts";
import type { Service, ServiceSchema } from "./service.ts";

/** A service's protocol. Protobuf is loaded only where a service has a schema. */
export function codecOf({ protocol, schema }: Service): ProtocolCodec | Promise<ProtocolCodec> {
  if (protocol === "json") return new JsonProtocol();
  return schema === undefined ? new ConnectProtocol() : binaryConnect(schema);
}

async function binaryConnect(schema: ServiceSchema): Promise<ProtocolCodec> {
  const { protobufFormat } = await import("./protobuf.ts");
  return new ConnectProtocol({ schema, formats: protobufFormat });
}
