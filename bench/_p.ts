import { compileCodec } from "../src/batch/mod.ts";
import { Router } from "../src/procurement/router.ts";
import { reading, fleetSource } from "./scenarios/fleet_source.ts";
import { hashKey } from "../src/core/mod.ts";
import { Packer, LineSender } from "../src/line/mod.ts";
import { systemClock } from "../src/core/mod.ts";
const codec = compileCodec(reading, { what: "material" });
const mk = () => { let recv: any; const port = { post(m: any) { if (m.kind === "batch") recv({ kind: "credit", batches: 1, buffer: m.buffer }); }, listen(r: any) { recv = r; r({ kind: "credit", batches: 8 }); }, close() {} }; 
 return new Packer({ writer: codec.writer(), sender: new LineSender(port as any, systemClock), clock: systemClock, type: 0, batchBytes: 65536 }); };
const packers = [mk(), mk()];
const router = new Router({ codec, key: (m: any) => m.device, packers });
const reader = await fleetSource({ keys: 5000, items: 3e7 }).open({ settings: { keys: 5000 }, offset: undefined, input: undefined, signal: new AbortController().signal, clock: systemClock });
let src = 0, route = 0, hash = 0, n = 0, enc = 0;
const w2 = codec.writer(); let sink = 0;
for (let i = 0; i < 12000; i++) {
  if (i === 4000) { src = route = hash = n = enc = 0; }
  let t = performance.now();
  const chunk = (await reader.read())!; let u = performance.now(); src += u - t; t = u;
  router.route(chunk.items, { start: 0, end: chunk.items.length, epoch: 1, reject() { throw 1; } }); u = performance.now(); route += u - t; t = u;
  for (const it of chunk.items as any[]) sink ^= hashKey(it.device); u = performance.now(); hash += u - t; t = u;
  for (const it of chunk.items as any[]) w2.append(it, it.device, 5); const app = performance.now(); w2.seal(); u = performance.now(); enc += u - t; 
  n += chunk.items.length;
}
console.log({ src: src / n * 1e6, route: route / n * 1e6, hash: hash / n * 1e6, enc: enc / n * 1e6, sink });
