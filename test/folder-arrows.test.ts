import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runCommand } from "./support/run-command.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Lints files that never were in the tree, with the tree's rules; the names of the rules each breaks. */
async function brokenRules(
  sources: readonly (readonly [file: string, source: string])[],
): Promise<string[][]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-arrows-"));
  try {
    fs.copyFileSync(path.join(ROOT, "biome.json"), path.join(folder, "biome.json"));
    const files = sources.map(([file, source], index) => {
      const name = file.replace("x.ts", `x${index}.ts`);
      fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), source);
      return name;
    });
    const biome = path.join(ROOT, "node_modules", ".bin", "biome");
    const { stdout } = await runCommand(
      [biome, "lint", "--reporter=json", "--max-diagnostics=none", "--vcs-enabled=false", "."],
      { env: { PATH: process.env["PATH"] ?? "", HOME: folder }, cwd: folder },
    );
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly {
        readonly category: string;
        readonly location: { readonly path: string | { readonly file: string } };
      }[];
    };
    const pathOf = ({ location }: (typeof diagnostics)[number]) =>
      typeof location.path === "string" ? location.path : location.path.file;
    return files.map((name) =>
      diagnostics
        .filter((one) => path.normalize(pathOf(one)) === name)
        .map(({ category }) => category.split("/").at(-1) ?? ""),
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const FORBIDDEN: readonly (readonly [file: string, target: string])[] = [
  ["token/eks/x.ts", "../../plugin/app.ts"],
  ["token/eks/x.ts", "../../doctor/check/rule.ts"],
  ["token/eks/x.ts", "../../krew/bundle.ts"],
  ["token/eks/x.ts", "../../test/lab/lab.ts"],
  ["token/eks/x.ts", "yargs"],
  ["token/eks/x.ts", "chalk"],
  ["token/eks/x.ts", "@kubernetes/client-node"],
  ["token/eks/x.ts", "@aws-sdk/client-eks"],
  ["token/eks/x.ts", "@aws-sdk/client-iam"],
  ["token/hot/x.ts", "../errors/errors.ts"],
  ["token/hot/x.ts", "node:fs"],
  ["token/hot/x.ts", "yaml"],
  ["plugin/doctor/x.ts", "../../doctor/check/diagnose.ts"],
  ["plugin/doctor/x.ts", "../../doctor/derive/derive.ts"],
  ["plugin/kinds/x.ts", "../../doctor/evidence/read-evidence.ts"],
  ["plugin/kinds/x.ts", "../../doctor/evidence/schema/aws-shapes.ts"],
  ["plugin/kinds/x.ts", "../../doctor/report/doctor-report.ts"],
  ["doctor/paste/x.ts", "../rules/index.ts"],
  ["doctor/paste/x.ts", "node:fs"],
  ["doctor/html/x.ts", "../check/diagnose.ts"],
  ["doctor/html/x.ts", "node:util"],
  ["doctor/page/x.ts", "../probes/gather.ts"],
  ["doctor/page/x.ts", "node:crypto"],
  ["doctor/derive/x.ts", "../html/report.ts"],
  ["plugin/doctor/x.ts", "../../doctor/html/document.ts"],
  ["plugin/doctor/x.ts", "../../doctor/paste/read-paste.ts"],
  ["plugin/doctor/x.ts", "../../doctor/suspects/rank-suspicions.ts"],
  ["doctor/suspects/x.ts", "../rules/index.ts"],
  ["doctor/suspects/x.ts", "../report/doctor-report.ts"],
  ["plugin/doctor/x.ts", "../../doctor/probes/gather.ts"],
  ["doctor/evidence/x.ts", "../derive/facts.ts"],
  ["doctor/derive/x.ts", "../fixes/fix.ts"],
  ["doctor/fixes/x.ts", "../check/rule.ts"],
  ["doctor/rules/mapping/x.ts", "../../probes/gather.ts"],
  ["doctor/probes/x.ts", "../../plugin/app.ts"],
  ["doctor/probes/x.ts", "../../krew/bundle.ts"],
  ["doctor/probes/x.ts", "yargs"],
  ["plugin/x.ts", "../krew/bundle.ts"],
  ["plugin/commands/x.ts", "../../test/lab/lab.ts"],
  ["token/eks/x.ts", "node:child_process"],
  ["doctor/probes/x.ts", "node:child_process"],
  ["doctor/probes/x.ts", "child_process"],
  ["plugin/x.ts", "node:child_process"],
  ["plugin/doctor/x.ts", "child_process"],
  ["plugin/doctor/x.ts", "./run-program.ts"],
  ["krew/x.ts", "../plugin/app.ts"],
  ["krew/x.ts", "../doctor/check/rule.ts"],
  ["krew/launcher/x.ts", "../../token/errors/errors.ts"],
];

const ALLOWED: readonly (readonly [file: string, target: string])[] = [
  ["token/eks/x.ts", "../errors/errors.ts"],
  ["token/aws/x.ts", "@aws-sdk/client-sts"],
  ["token/hot/x.ts", "./host.ts"],
  ["doctor/probes/x.ts", "../../token/errors/errors.ts"],
  ["doctor/probes/x.ts", "@kubernetes/client-node"],
  ["plugin/x.ts", "../token/errors/errors.ts"],
  ["plugin/x.ts", "../doctor/doctor.ts"],
  ["plugin/kinds/x.ts", "../../doctor/evidence/schema/schema.ts"],
  ["plugin/kinds/x.ts", "../../doctor/report/report-schema.ts"],
  ["krew/launcher/x.ts", "../../token/hot/answer.ts"],
  ["test/lab/x.ts", "../../plugin/real-app.ts"],
];

describe("the folder arrows", () => {
  const cases = [
    ...FORBIDDEN.map(([file, target]) => ({
      file,
      source: `import * as it from "${target}";\nit;\n`,
      rule: "noRestrictedImports",
      breaks: true,
      what: `import ${target}`,
    })),
    ...FORBIDDEN.map(([file, target]) => ({
      file,
      source: `void import("${target}");\n`,
      rule: "noRestrictedImports",
      breaks: true,
      what: `import("${target}")`,
    })),
    ...ALLOWED.map(([file, target]) => ({
      file,
      source: `import * as it from "${target}";\nit;\n`,
      rule: "noRestrictedImports",
      breaks: false,
      what: `import ${target}`,
    })),
    ...["process", "Buffer", "console", "setTimeout"].map((name) => ({
      file: "token/hot/x.ts",
      source: `export const it = ${name};\n`,
      rule: "noRestrictedGlobals",
      breaks: true,
      what: `use ${name}`,
    })),
  ];
  let rules: string[][];
  before(async () => {
    rules = await brokenRules(cases.map(({ file, source }) => [file, source]));
  });

  for (const [index, { file, rule, breaks, what }] of cases.entries()) {
    it(`${breaks ? "refuse to let" : "let"} ${file} ${what}`, () => {
      assert.equal(rules[index]?.includes(rule), breaks);
    });
  }
});
