import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { onPosix } from "./support/platform.ts";
import { runCommand } from "./support/run-command.ts";
import { tempFolder } from "./support/temp-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** What files of a folder may not import. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  "token/eks": [
    "../../plugin/app.ts",
    "../../doctor/check/rule.ts",
    "../../krew/bundle.ts",
    "../../test/lab/lab.ts",
    "yargs",
    "chalk",
    "@kubernetes/client-node",
    "@aws-sdk/client-eks",
    "@aws-sdk/client-iam",
    "node:child_process",
  ],
  "token/hot": ["../errors/errors.ts", "node:fs", "yaml"],
  "plugin/commands/doctor": [
    "../../../doctor/check/diagnose.ts",
    "../../../doctor/derive/derive.ts",
    "../../../doctor/report/html/document.ts",
    "../../../doctor/paste/read-paste.ts",
    "../../../doctor/causes/rank-suspicions.ts",
    "../../../doctor/probes/gather.ts",
    "child_process",
    "../../programs/run-program.ts",
  ],
  "plugin/kinds": [
    "../../doctor/evidence/read-evidence.ts",
    "../../doctor/evidence/schema/aws-shapes.ts",
    "../../doctor/report/doctor-report.ts",
  ],
  "doctor/paste": ["../causes/index.ts", "node:fs"],
  "doctor/report/html": ["../../check/diagnose.ts", "node:util"],
  "doctor/browser": ["../probes/gather.ts", "node:crypto"],
  "doctor/derive": ["../report/html/report.ts", "../fixes/fix.ts"],
  "doctor/eks/mapping": ["../../derive/confidence.ts"],
  "doctor/evidence": ["../derive/facts.ts", "../eks/rbac/rbac.ts"],
  "doctor/fixes": ["../check/rule.ts"],
  "doctor/causes/mapping": ["../../probes/gather.ts"],
  "doctor/probes": [
    "../../plugin/app.ts",
    "../../krew/bundle.ts",
    "yargs",
    "node:child_process",
    "child_process",
  ],
  plugin: ["../krew/bundle.ts", "node:child_process"],
  "plugin/commands": ["../../test/lab/lab.ts"],
  krew: ["../plugin/app.ts", "../doctor/check/rule.ts"],
  "krew/launcher": ["../../token/errors/errors.ts"],
};

const ALLOWED: typeof FORBIDDEN = {
  "token/eks": ["../errors/errors.ts"],
  "token/aws": ["@aws-sdk/client-sts"],
  "token/hot": ["./host.ts"],
  "doctor/probes": ["../../token/errors/errors.ts", "@kubernetes/client-node"],
  plugin: ["../token/errors/errors.ts", "../doctor/doctor.ts"],
  "plugin/kinds": ["../../token/schema.ts", "../../doctor/evidence/parts.ts"],
  "krew/launcher": ["../../token/hot/answer.ts"],
  "test/lab": ["../../plugin/real-app.ts"],
};

/** The rooms of token/: each imports only what stands in its own line or above. "." are the loose files. */
const TOKEN_ORDER: readonly (readonly string[])[] = [
  ["hot"],
  ["errors"],
  [".", "text"],
  ["command"],
  ["files"],
  ["net"],
  ["masking", "eks", "keystore", "endpoints"],
  ["fido2"],
  ["vouch"],
  ["settings", "session"],
  ["aws", "mint"],
  ["kubeconfig"],
];

/** What the warm answer may not use. */
const GLOBALS = ["process", "Buffer", "console", "setTimeout"];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string | { readonly file: string } };
}

/** Imports by which a room of token/ uses one that stands below it. */
function upwardArrows(): string[] {
  const token = path.join(ROOT, "token");
  const lineOf = (file: string) => {
    const [room = "", ...rest] = path.relative(token, file).split(path.sep);
    return TOKEN_ORDER.findIndex((rooms) => rooms.includes(rest.length === 0 ? "." : room));
  };
  return fs
    .readdirSync(token, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(token, name))
    .flatMap((file) =>
      [...fs.readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g)]
        .map(([, target = ""]) => path.resolve(path.dirname(file), target))
        .filter((target) => lineOf(target) < 0 || lineOf(target) > lineOf(file))
        .map((target) => `${path.relative(ROOT, file)} imports ${path.relative(ROOT, target)}`),
    );
}

describe("the folder arrows", () => {
  it("run one way between the rooms of token/", () => {
    assert.deepEqual(upwardArrows(), []);
  });

  const folder = tempFolder();

  /** The files of the folder that the tree's rules of the linter refuse for what they import or use. */
  async function refused(): Promise<string[]> {
    fs.copyFileSync(path.join(ROOT, "biome.json"), path.join(folder(), "biome.json"));
    const biome = path.join(ROOT, "node_modules", ".bin", "biome");
    const words = ["--reporter=json", "--max-diagnostics=none", "--vcs-enabled=false"];
    const { stdout } = await runCommand([biome, "lint", ...words, "."], {
      env: { PATH: process.env["PATH"] ?? "", HOME: folder() },
      cwd: folder(),
    });
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
    return diagnostics
      .filter(({ category }) => /\/noRestricted(?:Imports|Globals)$/.test(category))
      .map(({ location: { path: at } }) => path.normalize(typeof at === "string" ? at : at.file));
  }

  onPosix("paths", "let no folder import or use what it may not, and everything else", async () => {
    const sources = new Map<string, string>();
    const forbidden: string[] = [];
    const write = (file: string, source: string) => {
      fs.mkdirSync(path.join(folder(), path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(folder(), file), source);
      sources.set(file, source);
      return file;
    };
    for (const [from, targets] of Object.entries(FORBIDDEN))
      for (const [index, target] of targets.entries())
        forbidden.push(
          write(`${from}/static${index}.ts`, `import * as it from "${target}";\nit;\n`),
          write(`${from}/lazy${index}.ts`, `void import("${target}");\n`),
        );
    for (const name of GLOBALS) forbidden.push(write(`token/hot/${name}.ts`, `export const it = ${name};\n`));
    for (const [from, targets] of Object.entries(ALLOWED))
      for (const [index, target] of targets.entries())
        write(`${from}/allowed${index}.ts`, `import * as it from "${target}";\nit;\n`);

    const found = await refused();
    const shown = (files: readonly string[]) => files.map((file) => `${file}: ${sources.get(file)}`).sort();
    assert.deepEqual(shown([...new Set(found)]), shown(forbidden));
  });
});
