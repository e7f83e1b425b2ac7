import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { bundleCore, type CoreBundle, refuseReachingOut } from "../../../krew/core/bundle-core.ts";
import { chunkLoader } from "../../../krew/core/chunk-loader.ts";
import { ENTRY_CHUNK } from "../../../krew/core/parts.ts";
import { ReleaseError } from "../../../krew/run.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

suiteOnPosix("esbuild", "the core's chunks", () => {
  let bundle: CoreBundle;
  before(async () => {
    bundle = await bundleCore({ version: "1.2.3" });
  });

  it("load when a command uses them: each has one of its own", () => {
    const commands = fs
      .readdirSync(path.join(ROOT, "plugin/commands"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".run.ts"))
      .map((name) => `plugin/commands/${name}`);
    assert.ok(commands.length > 10, `${commands.length} commands`);
    const lazy = Object.values(bundle.metafile.outputs).map(({ entryPoint }) => entryPoint);
    assert.deepEqual(
      commands.filter((command) => !lazy.includes(command)),
      [],
    );
  });

  it("name each other, Node's own modules and two addons, and nothing else", () => {
    const imports = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports);
    const names = new Set(imports.map((one) => one.path).filter((name) => !name.startsWith("core/")));
    const others = [...names].filter((name) => process.getBuiltinModule(name) === undefined);
    assert.deepEqual(others.toSorted(), ["addon:hid.node", "addon:keyring.node"]);
    const inside = imports.map((one) => one.path).filter((name) => name.startsWith("core/"));
    assert.ok(inside.length > 100, `${inside.length} imports of chunks`);
    assert.deepEqual(
      inside.filter((name) => !bundle.chunks.has(path.basename(name))),
      [],
    );
  });

  it("are no module any more, which only a file can be", () => {
    for (const [name, text] of bundle.chunks) new vm.Script(`(function(){${text}\n})`, { filename: name });
  });

  it("load the library that draws lists, and ask for both native addons as parts of the program", async () => {
    const addons: Record<string, object> = {
      "hid.node": { devicesAsync: async () => [{ path: "/dev/hidraw7" }] },
      "keyring.node": { Entry: class Entry {} },
    };
    const require = chunkLoader({
      parts: {
        source: (name) => bundle.chunks.get(name) ?? assert.fail(`no chunk ${name}`),
        codeCache: () => undefined,
        addon: (name) => Buffer.from(name),
      },
      loadAddon: (bytes) => addons[bytes.toString()],
    });
    const chunkOf = (source: string) => {
      const found = Object.entries(bundle.metafile.outputs).find(
        ([, { entryPoint }]) => entryPoint === source,
      );
      return require(`./${path.basename(found?.[0] ?? assert.fail(`${source} has no chunk`))}`) as object;
    };
    const { default: hid } = chunkOf("node_modules/node-hid/nodehid.js") as {
      default: { devicesAsync(): Promise<unknown> };
    };
    assert.deepEqual(await hid.devicesAsync(), [{ path: "/dev/hidraw7" }]);
    const { default: search } = chunkOf("node_modules/@inquirer/search/dist/index.js") as {
      default: unknown;
    };
    assert.equal(typeof search, "function");
    assert.deepEqual({ ...chunkOf("addon:@napi-rs/keyring") }, addons["keyring.node"]);
  });

  it("know our version, and start from one", () => {
    assert.ok(bundle.chunks.has(ENTRY_CHUNK));
    assert.ok(bundle.chunks.has(bundle.program));
    assert.ok([...bundle.chunks.values()].some((text) => text.includes('"1.2.3"')));
  });

  it("do not reach out, in any of them", () => {
    for (const [name, text] of bundle.chunks) refuseReachingOut(name, text);
  });
});

suiteOnPosix("esbuild", "a core's sources that reach out", () => {
  const folder = tempFolder();

  const bundleOf = (source: string) => {
    const entry = path.join(folder(), "main.ts");
    fs.writeFileSync(entry, source);
    return bundleCore({ version: "1.2.3", entry, program: path.relative(ROOT, entry) });
  };

  const refused = {
    "make a require from Node's module": 'process.getBuiltinModule("node:module").createRequire("/")("/x");',
    "ask for Node's module otherwise": 'const m = process.getBuiltinModule("module"); m.x();',
    "import by a text that is run": 'new Function("return import(\\"/x.mjs\\")")();',
    "import where only words change": 'eval("import (name)");',
  };
  for (const [what, source] of Object.entries(refused)) {
    it(`are refused when they ${what}`, async () => {
      await assert.rejects(bundleOf(source), (error) => {
        assert.ok(error instanceof ReleaseError);
        assert.match(error.message, /^kubectl-vouch\.mjs could load code from outside the program: …/);
        return true;
      });
    });
  }

  /** Runs the chunks by the core's loader; the text of the error they end with. */
  async function run(source: string): Promise<string> {
    const { chunks } = await bundleOf(source);
    const require = chunkLoader({
      parts: {
        source: (name) => chunks.get(name) ?? assert.fail(`no chunk ${name}`),
        codeCache: () => undefined,
        addon: () => assert.fail("no addon"),
      },
      loadAddon: () => undefined,
    });
    const { result } = require(`./${ENTRY_CHUNK}`) as { result: () => unknown };
    return await Promise.resolve()
      .then(result)
      .then(
        () => "it ran",
        (error: Error) => error.message,
      );
  }

  const harmless = {
    "import a name that is known only then": "export const result = () => import(process.env.OUTSIDE!);",
    "require a name that is known only then": "export const result = () => require(process.env.OUTSIDE!);",
    "make a require by import":
      'import { createRequire } from "node:module"; export const result = () => createRequire("/")(process.env.OUTSIDE!);',
  };
  for (const [what, source] of Object.entries(harmless)) {
    it(`get nothing when they ${what}`, async () => {
      const outside = path.join(folder(), "outside.cjs");
      fs.writeFileSync(outside, "");
      process.env["OUTSIDE"] = outside;
      try {
        assert.equal(await run(source), `${outside} is not in this program.`);
      } finally {
        delete process.env["OUTSIDE"];
      }
    });
  }

  it("would run the file without our loader", () => {
    const outside = path.join(folder(), "outside.cjs");
    fs.writeFileSync(outside, "console.log('it ran')");
    const { stdout } = spawnSync(process.execPath, ["-e", "import(process.env.OUTSIDE)"], {
      env: { OUTSIDE: outside },
      encoding: "utf8",
    });
    assert.equal(stdout, "it ran\n");
  });
});
