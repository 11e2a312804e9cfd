import { type ControlServer, openControl, type OpenControlOptions } from "../../src/control/mod.ts";
import { FakeFactory } from "../control/fake_factory.ts";

/** A factory without departments behind a real server, where a second passes every so often. */
export interface LivingFactory extends AsyncDisposable {
  readonly factory: FakeFactory;
  readonly server: ControlServer;
}

/** Between two reports: shorter than a second, so that tests see many. */
const TICK_MS = 150;

/** Opens one with an hour's beginning behind it. */
export function openLivingFactory(
  options: OpenControlOptions & { readonly factory?: FakeFactory } = {},
): Promise<LivingFactory> {
  const { factory = new FakeFactory(), ...control } = options;
  for (let second = factory.tick; second < 90; second++) factory.inspect();
  return live(factory, control);
}

async function live(factory: FakeFactory, control: OpenControlOptions): Promise<LivingFactory> {
  const server = await openControl(factory, { port: 0, ...control });
  const ticking = setInterval(() => factory.inspect(), TICK_MS);
  return {
    factory,
    server,
    async [Symbol.asyncDispose]() {
      clearInterval(ticking);
      await server.close();
      await factory.close();
    },
  };
}
