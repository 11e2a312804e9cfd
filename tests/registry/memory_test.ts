import { testRegistry } from "../conformance/registry_conformance.ts";

testRegistry("memory", () => Promise.resolve({ url: "memory:conformance" }));
