import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { namedFiles } from "../../../../token/aws/sources/named-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

/** Arguments by which a program reads a file of the folder that it runs in. Source: awk(1), curl(1), java(1). */
const GLUED: readonly (readonly string[])[] = [
  ["awk", "-fprogram"],
  ["curl", "-d@program"],
  ["java", "@program"],
  ["sed", "-nfprogram"],
  ["ansible", "--extra-vars=@program"],
  ["perl", "-e", "system(q{./program})"],
  ["sh", "-c", "awk -fprogram"],
];

describe("the files that a command line names", () => {
  const home = tempFolder();

  for (const words of GLUED) {
    it(`include the one glued to an option in ${words.join(" ")}`, () => {
      const file = path.join(home(), "program");
      fs.writeFileSync(file, "");
      assert.ok(namedFiles(words, { HOME: home(), PATH: "/usr/bin:/bin" }).includes(file));
    });
  }
});
