/** `stream.js`: Server-Sent Events out of a fetch, which unlike EventSource can send a token. */
export const STREAM_SCRIPT: string = String.raw`
/** The data of each event of a body, parsed. Throws on an event named "error". */
export async function* events(body) {
  let rest = "";
  for await (const text of texts(body)) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event === undefined) continue;
      if (event.name === "error") throw new Error(event.data.detail);
      yield event.data;
    }
  }
}

async function* texts(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("data:")) data.push(line.slice(5));
    if (line.startsWith("event:")) name = line.slice(6).trim();
  }
  return data.length === 0 ? undefined : { name, data: JSON.parse(data.join("\n")) };
}
`;
