import type { Json } from "./client.ts";

/** Reads a Server-Sent Event stream as a client would: comments apart, blocks split wherever reads end. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly comments: string[] = [];
  #blocks: string[] = [];
  #rest = "";

  constructor(response: Response) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream() as Json).getReader() as Json;
  }

  /** The next event, or undefined at the end. */
  async next(): Promise<{ event: string; data: Json } | undefined> {
    while (true) {
      const block = await this.#block();
      if (block === undefined) return undefined;
      const fields = block.split("\n").map((line) => /^(\w*): ?(.*)$/.exec(line)!);
      const data = fields.filter(([, name]) => name === "data").map(([, , value]) => value);
      if (data.length === 0) this.comments.push(...fields.map(([, , value]) => value));
      else {
        const event = fields.find(([, name]) => name === "event")?.[2] ?? "message";
        return { event, data: JSON.parse(data.join("\n")) };
      }
    }
  }

  /** Reads up to the next comment. */
  async comment(): Promise<string | undefined> {
    const block = await this.#block();
    return block?.replace(/^: ?/, "");
  }

  /** Goes away. */
  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  async #block(): Promise<string | undefined> {
    while (this.#blocks.length === 0) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#blocks = (this.#rest + value).split("\n\n");
      this.#rest = this.#blocks.pop()!;
    }
    return this.#blocks.shift();
  }
}
