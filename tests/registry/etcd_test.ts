import { testRegistry } from "../conformance/registry_conformance.ts";
import { startEtcd } from "./server.ts";

testRegistry("etcd", async () => {
  const server = await startEtcd();
  return { url: `etcd://${server.host}/trial`, server };
});
