import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nginxConfiguration, type Upstream } from "../../src/terminal/nginx_configuration.ts";
import { upstreamsOf } from "../../src/terminal/upstreams.ts";

function configuration(services: Record<string, Upstream[]>, folder = "/tmp/x"): string {
  return nginxConfiguration({
    host: "127.0.0.1",
    port: 8080,
    folder,
    services: new Map(Object.entries(services)),
  });
}

const GOOD: Upstream = { address: "10.0.0.1", port: 9001, weight: 2 };

describe("nginxConfiguration()", () => {
  it("has an upstream and a location for each service, and 503 for one without endpoints", () => {
    const text = configuration({ "scales.v2": [GOOD, { ...GOOD, address: "::1" }], cameras: [] });
    assert.match(text, /server 10\.0\.0\.1:9001 weight=2 /);
    assert.match(text, /server \[::1\]:9001 weight=2 /);
    assert.match(text, /location \/scales\.v2\/ \{\n *proxy_pass http:\/\/service_0\/;/);
    assert.match(text, /location \/cameras\/ \{[^}]*return 503/);
    assert.equal(text.includes("upstream service_1"), false);
  });

  it("refuses what is no address, no number, no name and no path", () => {
    const evil = "1.1.1.1; } evil { #";
    assert.throws(() => configuration({ a: [{ ...GOOD, address: evil }] }), RangeError);
    assert.throws(() => configuration({ a: [{ ...GOOD, address: "example.com" }] }), RangeError);
    assert.throws(() => configuration({ a: [{ ...GOOD, port: 0 }] }), RangeError);
    assert.throws(
      () => configuration({ a: [{ ...GOOD, weight: "1; evil" as unknown as number }] }),
      RangeError,
    );
    assert.throws(() => configuration({ [evil]: [] }), RangeError);
    assert.throws(() => configuration({}, "/tmp/$x"), RangeError);
  });

  it("takes nothing of an endpoint's text over, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.webUrl(), fc.string().map((text) => `http://127.0.0.1:80${text}`)),
        async (url) => {
          if (!URL.canParse(url) || /[a-z]/i.test(new URL(url).hostname)) return; // no look-ups of made-up names
          const { servers } = await upstreamsOf([{ url }]);
          const lines = configuration({ a: [...servers] }).split("\n").filter((line) =>
            /^ +server \S/.test(line)
          );
          for (const line of lines.filter((line) => !line.endsWith("{"))) {
            assert.match(line, /^ +server [0-9a-f.:[\]]+:\d+ weight=\d+ max_fails=1 fail_timeout=1s;$/);
          }
        },
      ),
    );
  });
});
