import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The pages that tell how to install. */
const PAGES = ["README.md", "krew/INSTALL.md"];

/** A file to copy, and the name that it has in a comment: `<!-- file: gitlab -->`. */
const FILE = /^<!-- file: (?<name>[\w-]+) -->\n```(?:dockerfile|yaml)\n(?<text>(?:.*\n)*?)```$/gm;

/** A block of commands and the name it has in a comment that readers do not see: `<!-- test: plain -->`. */
const BLOCK = /^<!-- test: (?<name>[\w-]+) -->\n```sh\n(?<script>(?:.*\n)*?)```$/gm;

/** The marked blocks of the pages, as they are written there, by name. */
export function installBlocks(): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const page of PAGES) {
    const text = fs.readFileSync(path.join(ROOT, page), "utf8");
    const found = [...text.matchAll(BLOCK)];
    assert.equal(found.length, text.split("<!-- test:").length - 1, `${page} has a mark without a block`);
    for (const { groups } of found) {
      const { name = "", script = "" } = groups ?? {};
      assert.ok(!blocks.has(name), `there are two blocks ${name}`);
      blocks.set(name, script);
    }
  }
  return blocks;
}

/** The files that krew/INSTALL.md shows for containers and CI, by name. */
export function installFiles(): Map<string, string> {
  const page = fs.readFileSync(path.join(ROOT, "krew/INSTALL.md"), "utf8");
  const found = [...page.matchAll(FILE)].map(
    ({ groups: { name = "", text = "" } = {} }) => [name, text] as const,
  );
  assert.equal(found.length, page.split("<!-- file:").length - 1, "a mark without a file");
  return new Map(found);
}

/** What a Dockerfile has the shell run, one text for each instruction. */
export function runLines(dockerfile: string): string[] {
  return [...dockerfile.matchAll(/^RUN ((?:.*\\\n)*.*)$/gm)].map(([, text = ""]) => text);
}
