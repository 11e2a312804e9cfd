import { testRegistry } from "../conformance/registry_conformance.ts";
import { startNats } from "./server.ts";

testRegistry("nats", async () => {
  const server = await startNats();
  return { url: `nats://${server.host}/trial`, server };
});
