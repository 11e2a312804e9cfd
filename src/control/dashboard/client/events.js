// @ts-check
/** Server-Sent Events out of a fetch, which unlike EventSource can send a token. */

/**
 * The data of each event of a body, parsed, read by read: whoever is slow makes the server wait, not the page.
 *
 * @template T
 * @param {ReadableStream<Uint8Array>} body
 * @param {{ most?: number }} [options] keep only so many of each read, the latest: the others aren't even parsed
 * @returns {AsyncGenerator<T[], void, undefined>} throws on an event named `error`
 */
export async function* events(body, { most = Infinity } = {}) {
  let rest = "";
  for await (const text of texts(body)) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    const found = (most === Infinity ? blocks : blocks.slice(-most)).map(parse).filter((event) =>
      event !== undefined
    );
    const failure = found.findIndex(({ name }) => name === "error");
    const data = (failure < 0 ? found : found.slice(0, failure)).map((event) => event.data);
    if (data.length > 0) yield data;
    if (failure >= 0) throw new Error(found[failure].data.detail);
  }
}

/** @param {ReadableStream<Uint8Array>} body */
async function* texts(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} block */
function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("data:")) data.push(line.slice(5));
    if (line.startsWith("event:")) name = line.slice(6).trim();
  }
  return data.length === 0 ? undefined : { name, data: JSON.parse(data.join("\n")) };
}
