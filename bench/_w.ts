import { compileCodec } from "../src/batch/mod.ts";
import { reading, fleetSource } from "./scenarios/fleet_source.ts";
import fleet from "./scenarios/fleet_blueprint.ts";
import { hashKey, slotOf, systemClock } from "../src/core/mod.ts";
import { WorkshopDepartment } from "../src/workshop/mod.ts";
import { Roster } from "../src/workshop/roster.ts";
import { snapshot } from "../src/workshop/snapshot.ts";
const keys = Number(process.argv[2] ?? 5000);
import process from "node:process";
const codec = compileCodec(reading, { what: "material" });
const reader = await fleetSource({ keys }).open({ settings: {}, offset: undefined, input: undefined, signal: new AbortController().signal, clock: systemClock });
const batches: ArrayBuffer[] = []; const w = codec.writer();
const NB = 800;
while (batches.length < NB) { const c = (await reader.read())!; for (const it of c.items as any[]) { const h = hashKey(it.device); if (slotOf(h) & 1) continue; w.append(it, it.device, h); if (w.rows >= 1700) batches.push(w.seal()); } }
console.log("batch bytes", batches[0].byteLength);
let lineRecv: any, freed = 0;
const line = { post() { freed++; }, listen(r: any) { lineRecv = r; }, close() {} };
let convRecv: any; let sent = 0, sentRows = 0;
const conveyor = { post(m: any) { sent++; sentRows += m.rows ?? 0; convRecv({ kind: "credit", batches: 1, buffer: m.buffer }); }, listen(r: any) { convRecv = r; r({ kind: "credit", batches: 28 }); }, close() {} };
const d = new WorkshopDepartment({ clock: systemClock, random: Math.random, heapBytes: () => 0 });
d.open(fleet, { config: { id: 0, slots: 128, settings: {}, lineBatches: 8, lingerMs: 5, batchBytes: 65536 }, line: line as any, conveyor: conveyor as any });
let seq = 0;
const R = codec.reader();
for (let round = 0; round < 4; round++) {
  let t = performance.now();
  for (const b of batches) { lineRecv({ kind: "batch", type: 0, sequence: ++seq, epoch: 1, rows: 1700, at: Date.now(), buffer: b }); while (freed < seq) await new Promise((r) => setImmediate(r)); }
  const total = (performance.now() - t) / (NB * 1700) * 1e6;
  t = performance.now(); let s: any;
  for (const b of batches) { R.load(b); for (let i = 0; i < 1700; i++) s = R.item(i); R.unload(); }
  const decode = (performance.now() - t) / (NB * 1700) * 1e6;
  const roster = (d as any); 
  t = performance.now(); let x = 0;
  for (const b of batches) { R.load(b); for (let i = 0; i < 1700; i++) x ^= R.hash(i); R.unload(); }
  const hash = (performance.now() - t) / (NB * 1700) * 1e6;
  const st = { count: 1, mean: 2 };
  t = performance.now(); for (let i = 0; i < NB * 1700; i++) { s = snapshot(st); } const snap = (performance.now() - t) / (NB * 1700) * 1e6;
  console.log(round, JSON.stringify({ total, decode, hash, snap, sent }));
}
const pc = compileCodec(fleet.products["type-1"], { what: "p" }); const pw = pc.writer();
for (let round = 0; round < 3; round++) { const t = performance.now(); for (let b = 0; b < 500; b++) { for (let i = 0; i < 1000; i++) pw.append({ device: "device-123", type: "type-1", at: 123456789, count: i, mean: i / 3 }, "device-123", 77); pw.seal(); } console.log("product encode", (performance.now() - t) / 5e5 * 1e6); }
setTimeout(()=>process.exit(),10);
