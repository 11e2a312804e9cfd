/**
 * Messages of `@bufbuild/protobuf`.
 *
 * @module
 */

import {
  create,
  type DescMessage,
  fromBinary,
  isMessage,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { MessageFormat } from "./connect_protocol.ts";
import type { MethodSchema } from "./service.ts";

/** Writes plain objects (or messages) as binary protobuf, and reads messages. */
export function protobufFormat({ input, output }: MethodSchema): MessageFormat {
  const [from, to] = [input as DescMessage, output as DescMessage];
  return {
    write(payload) {
      const init = (payload ?? {}) as MessageInitShape<DescMessage>;
      return toBinary(from, isMessage(init, from) ? init : create(from, init));
    },
    read: (bytes) => fromBinary(to, bytes),
  };
}
