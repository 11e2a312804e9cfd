import { RegistryError } from "../core/mod.ts";

/**
 * JSON values of a body, one in each line, as they come. Leaving the loop cancels the body.
 *
 * @throws {RegistryError} for a line that is longer than `lineBytes`, or no JSON
 */
export async function* readJsonLines(
  body: ReadableStream<Uint8Array>,
  lineBytes: number,
  // deno-lint-ignore no-explicit-any -- whatever the server sends
): AsyncGenerator<any, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop()!;
    if (rest.length > lineBytes) throw new RegistryError(`registry: an answer exceeds ${lineBytes} bytes`);
    for (const line of lines) if (line.trim() !== "") yield parse(line);
  }
  if (rest.trim() !== "") yield parse(rest);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RegistryError(`registry: an answer is no JSON: ${line.slice(0, 100)}`, { cause });
  }
}
