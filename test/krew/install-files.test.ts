import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { installFiles, runLines } from "../release/install-pages.ts";
import { helpTexts } from "../support/help-sheet.ts";
import { onPosix } from "../support/platform.ts";

/** Our command and its words, up to where the shell ends it. */
const OURS = /kubectl vouch (?<words>(?: ?[^\s;&|]+)+)/g;

describe("the files that INSTALL.md shows for containers and CI", () => {
  const files = installFiles();
  const helps = helpTexts();

  it("are these, and each is a Dockerfile or YAML", () => {
    assert.deepEqual([...files.keys()], ["alpine", "debian", "github", "gitlab", "argo-cd"]);
    for (const [name, text] of files) {
      if (!text.startsWith("FROM ")) assert.equal(typeof parse(text), "object", name);
    }
  });

  for (const name of ["alpine", "debian"]) {
    onPosix("programs", `have lines that a shell can read, and stages that exist: ${name}`, () => {
      const text = files.get(name) ?? "";
      const instructions = text.replaceAll("\\\n", "").trim().split(/\n+/);
      for (const line of instructions) assert.match(line, /^(?:FROM|RUN|COPY|WORKDIR) /);
      for (const line of runLines(text)) execFileSync("/bin/sh", ["-nc", line]);
      const stages = [...text.matchAll(/ AS (\w+)$/gm)].map(([, stage]) => stage);
      const used = [...text.matchAll(/--from=(\w+) /g)].map(([, stage]) => stage);
      assert.deepEqual(used, stages);
    });
  }

  it("use commands and flags that exist", () => {
    const [github, gitlab, argo] = ["github", "gitlab", "argo-cd"].map((name) =>
      parse(files.get(name) ?? ""),
    );
    const { command, args } = JSON.parse(argo.stringData.config).execProviderConfig;
    assert.equal(command, "kubectl-vouch");
    const lines: string[] = [
      ...github.jobs.deploy.steps.flatMap(({ run }: { run?: string }) => run ?? []),
      ...gitlab.deploy.script,
      ...gitlab.deploy.after_script,
      `kubectl vouch ${args.join(" ")}`,
    ];
    const used = lines.flatMap((line) =>
      [...line.matchAll(OURS)].map(({ groups }) => groups?.["words"] ?? ""),
    );
    const named = used.map((words) => /^(?:(?:setup|credential) )?\w+/.exec(words)?.[0] ?? "");
    assert.deepEqual(named, ["setup eks", "doctor", "setup eks", "doctor", "credential eks"]);
    for (const [index, words] of used.entries()) {
      const help = helps.get(named[index] ?? "") ?? assert.fail(words);
      for (const [flag] of words.matchAll(/(?<= )--?[a-z][\w-]*|(?<=-o )\w+/g))
        assert.match(help, new RegExp(`^ .*(?<![\\w-])${flag}(?![\\w-])`, "m"), words);
    }
  });
});
