import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { endpoints, links, options, shownBlueprint, testCommand } from "./tidy/documents.ts";
import { circles, deadFiles, importDirection, packagePlaces, runtimeNames } from "./tidy/layers.ts";
import { folderDocs, names, promises } from "./tidy/names.ts";
import { codeOf, withoutComments } from "./tidy/scan.ts";
import { fileSizes, functionSizes, functionsOf } from "./tidy/sizes.ts";
import { readTree, type Rule } from "./tidy/tree.ts";
import { locks, versions } from "./tidy/versions.ts";

const REAL = readTree(fileURLToPath(new URL("..", import.meta.url)));

/** Each rule, with trees that it has to find fault with and the fault that it finds. */
const RULES: readonly {
  says: string;
  rule: Rule;
  faults: readonly (readonly [tree: Record<string, string>, fault: RegExp])[];
}[] = [
  {
    says: "imports follow the organisation chart",
    rule: importDirection,
    faults: [
      [{ "src/line/a.ts": 'import { x } from "../workshop/mod.ts";' }, /workshop comes after line/],
      [{ "src/line/a.ts": 'export type { X } from "../workshop/mod.ts";' }, /workshop comes after line/],
      [{ "src/line/a.ts": 'const x = await import("../workshop/mod.ts");' }, /workshop comes after line/],
      [{ "src/sinks/a.ts": 'import { x } from "../sources/mod.ts";' }, /know nothing of each other/],
      [{ "src/transport/a.ts": 'import { x } from "../workshop/mod.ts";' }, /know nothing of each other/],
      [{ "src/workshop/a.ts": 'import { x } from "../line/port.ts";' }, /go through its folder's mod.ts/],
      [{ "src/control/a.ts": 'import "../../workers/workshop_worker.ts";' }, /nobody imports workers/],
      [{ "src/control/a.ts": 'import { x } from "../../mod.ts";' }, /nothing outside of it/],
      [{ "src/cellar/a.ts": 'import { x } from "../core/mod.ts";' }, /no place in the order/],
      [
        { "workers/a_worker.ts": 'import { x } from "../src/headquarters/mod.ts";' },
        /headquarters\/entry.ts only/,
      ],
      [
        { "workers/a_worker.ts": 'import { x } from "../src/control/mod.ts";' },
        /headquarters\/entry.ts only/,
      ],
      [{ "workers/a_worker.ts": 'import { x } from "./b_worker.ts";' }, /headquarters\/entry.ts only/],
    ],
  },
  {
    says: "imports go in no circle",
    rule: circles,
    faults: [
      [
        {
          "src/a/mod.ts": 'export * from "./b.ts";',
          "src/a/b.ts": 'import { c } from "./c.ts";',
          "src/a/c.ts": 'import type { B } from "./b.ts";\nimport "./d.ts";',
          "src/a/d.ts": "",
        },
        /^src\/a\/b.ts is in a circle/,
      ],
    ],
  },
  {
    says: "packages stay where they belong",
    rule: packagePlaces,
    faults: [
      [{ "src/workshop/a.ts": 'import { wrap } from "comlink";' }, /only src\/headquarters\/, workers\/ may/],
      [{ "src/headquarters/a.ts": 'import { cors } from "hono/cors";' }, /only src\/control\/ may/],
      [{ "src/headquarters/ceo.ts": 'import { z } from "zod";' }, /imports zod/],
      [{ "src/core/a.ts": 'import { test } from "node:test";' }, /imports node:test/],
      [{ "src/core/a.ts": 'import lodash from "lodash";' }, /no dependency of ours/],
    ],
  },
  {
    says: "only src/platform names a runtime",
    rule: runtimeNames,
    faults: [
      [{ "src/line/a.ts": "Deno.exit(1);" }, /names Deno/],
      [{ "tests/a_test.ts": "const { Bun } = globalThis;" }, /names Bun/],
      [{ "src/line/a.ts": "const text = `on ${Deno.build.os}`;" }, /names Deno/],
    ],
  },
  {
    says: "every file of src is used",
    rule: deadFiles,
    faults: [
      [
        { "mod.ts": 'export * from "./src/a/mod.ts";', "src/a/mod.ts": "", "src/a/b.ts": "" },
        /^src\/a\/b.ts is/,
      ],
    ],
  },
  {
    says: "files are short",
    rule: fileSizes,
    faults: [
      [{ "src/a/b.ts": "x();\n".repeat(401) }, /401 lines, more than 400/],
      [{ "workers/a_worker.ts": "x();\n".repeat(61) }, /61 lines, more than 60/],
      [{ "tests/operations/operator_test.ts": "" }, /needs no exception/],
    ],
  },
  {
    says: "functions are short",
    rule: functionSizes,
    faults: [
      [{ "src/a/b.ts": `function long(): void {\n${"  x();\n".repeat(70)}}\n` }, /b.ts:1 long has 72 lines/],
      [
        { "mod.ts": `class A {\n  #b(\n    c: D,\n  ): E {\n${"    x();\n".repeat(70)}  }\n}\n` },
        /:2 #b has 74/,
      ],
    ],
  },
  {
    says: "names say something, and files stand where they belong",
    rule: names,
    faults: [
      [{ "src/core/string_utils.ts": "" }, /"string_utils.ts" says nothing/],
      [{ "src/common/a.ts": "" }, /"common" says nothing/],
      [{ "src/core/lineSender.ts": "" }, /not in snake_case/],
      [{ "notes.md": "" }, /no place at the top/],
    ],
  },
  {
    says: "nothing is left to be done later",
    rule: promises,
    faults: [[{ "src/a/b.ts": `// ${"TO" + "DO"}: mend` }, /b.ts:1 promises/]],
  },
  {
    says: "every folder says what it is for",
    rule: folderDocs,
    faults: [
      [{ "src/a/b.ts": "" }, /src\/a has no mod.ts/],
      [{ "src/a/mod.ts": 'export * from "./b.ts";' }, /does not begin by saying/],
    ],
  },
  {
    says: "the version is the same everywhere",
    rule: versions,
    faults: [
      [
        { "deno.json": '{"version":"1.0.0"}', "package.json": '{"version":"1.0.1"}' },
        /package.json has version 1.0.1/,
      ],
      [{
        "deno.json": '{"version":"1.0.0"}',
        "package.json": '{"version":"1.0.0"}',
        "src/headquarters/version.ts": 'export const VERSION: string = "0.9.0";',
      }, /version.ts has version 0.9.0/],
    ],
  },
  {
    says: "both locks hold the same versions, pinned, from whatever registry",
    rule: locks,
    faults: [
      [{ "package.json": '{"dependencies":{"zod":"^4.0.0"}}' }, /does not pin zod/],
      [{
        "package.json": "{}",
        "deno.lock": '{"npm":{"zod@4.0.0":{}}}',
        "bun.lock": '{"packages":{"zod":["zod@4.0.1",""],}}',
      }, /deno.lock has zod 4.0.0, bun.lock 4.0.1/],
      [{ "package.json": '{"optionalDependencies":{"bun":"1.0.0"}}' }, /allowScripts lacks bun/],
      [
        { "package.json": "{}", "bun.lock": '{"packages":{"a":["a@1.0.0","https://r.example/a.tgz"]}}' },
        /host/,
      ],
    ],
  },
  {
    says: "links in documents lead somewhere",
    rule: links,
    faults: [[{ "README.md": "[a](./nowhere.md#b)" }, /links to .\/nowhere.md/]],
  },
  {
    says: "the README's endpoints are the control server's",
    rule: endpoints,
    faults: [
      [{ "src/control/routes/a.ts": 'app.get("/a", b);', "README.md": "" }, /lacks the endpoint GET \/a/],
      [{ "README.md": "| `GET /b` | is there? |" }, /has the endpoint GET \/b: there is none/],
    ],
  },
  {
    says: "the README's options are the command line's",
    rule: (tree) => options(tree),
    faults: [
      [{ "README.md": "" }, /lacks the option --port/],
      [{ "README.md": "| `--turbo` | faster |" }, /has the option --turbo: there is none/],
    ],
  },
  {
    says: "the blueprint in the README is the example's",
    rule: shownBlueprint,
    faults: [[{ "examples/orders.ts": "a();\n", "README.md": "```ts\nb();\n```\n" }, /does not show/]],
  },
  {
    says: "the README's test command is what CI runs",
    rule: testCommand,
    faults: [
      [{ "README.md": "" }, /does not say how/],
      [
        { "README.md": "```sh\nnpm install\nnpm test\n```", ".ci/run": "npm install || exit 1" },
        /run "npm test"/,
      ],
    ],
  },
];

describe("the tree is tidy", () => {
  for (const { says, rule } of RULES) {
    it(says, () => assert.deepEqual(rule(REAL), []));
  }
});

describe("the rules of tidiness find what they are for", () => {
  for (const { says, rule, faults } of RULES) {
    it(says, () => {
      for (const [tree, fault] of faults) {
        const found = rule(new Map(Object.entries(tree)));
        assert.ok(
          found.some((problem) => fault.test(problem)),
          `${fault} is not in ${JSON.stringify(found)}`,
        );
      }
    });
  }
});

describe("scanning sources", () => {
  const source = [
    "const a = 'x // y'; // z",
    'const b = `"${c + `${d}`} Deno`; /* e */',
    'const f = /["`\\/]/g.test(h) ? i / j : "k"; // l',
  ].join("\n");

  it("withoutComments() keeps texts", () => {
    assert.deepEqual(withoutComments(source).split("\n").map((line) => line.trimEnd()), [
      "const a = 'x // y';",
      'const b = `"${c + `${d}`} Deno`;',
      'const f = /["`\\/]/g.test(h) ? i / j : "k";',
    ]);
  });

  it("codeOf() keeps code alone, that inside templates too", () => {
    assert.equal(
      codeOf(source).replaceAll(/ +/g, " ").replaceAll(" \n", "\n").trim(),
      "const a = ;\nconst b = c + d ;\nconst f = .test(h) ? i / j : ;",
    );
  });

  it("functionsOf() counts signature and body, and nothing but functions", () => {
    const functions = functionsOf(
      "class A {\n  b(): void {\n    if (c) {\n      d();\n    }\n  }\n\n  readonly e = (f: G) => {\n    h();\n  };\n}\n" +
        "export async function i(\n  { j }: K,\n): Promise<void> {\n  l();\n}\n",
    );
    assert.deepEqual(functions, [
      { name: "b", line: 2, lines: 5 },
      { name: "e", line: 8, lines: 3 },
      { name: "i", line: 12, lines: 5 },
    ]);
  });
});
