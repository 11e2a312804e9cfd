/**
 * Products as lines of JSON.
 *
 * @module
 */

import type { ByteOutput } from "./byte_output.ts";
import { FileOutput } from "./file_output.ts";
import type { Delivery, SinkContext, SinkWriter } from "./sink.ts";
import { StdoutOutput } from "./stdout_output.ts";

/** Opens the file at `path`, or standard output if it is `-`. @throws {SinkError} */
export async function openNdjson(path: string, context: SinkContext): Promise<SinkWriter> {
  return new NdjsonWriter(path === "-" ? new StdoutOutput(context) : await FileOutput.open(path));
}

class NdjsonWriter implements SinkWriter {
  readonly #output: ByteOutput;
  readonly #encoder = new TextEncoder();

  constructor(output: ByteOutput) {
    this.#output = output;
  }

  async write({ count, products }: Delivery): Promise<void> {
    if (count === 0) return;
    await this.#output.write(this.#encoder.encode(linesOf(products)));
  }

  flush(): Promise<void> {
    return this.#output.sync();
  }

  close(): Promise<void> {
    return this.#output.close();
  }
}

function linesOf(products: readonly unknown[]): string {
  let lines = "";
  for (const product of products) lines += `${JSON.stringify(product)}\n`;
  return lines;
}
