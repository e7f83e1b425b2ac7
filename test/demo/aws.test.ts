import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { tempFolder } from "../support/temp-folder.ts";
import { findAws } from "./aws.ts";

/** What these print: AWS CLI 2.36.7 and Debian's 2.9.19, which does not know access entries. */
const PROGRAMS = {
  "aws-cli/2.36.7":
    'case $* in --version|*--generate-cli-skeleton) echo "aws-cli/2.36.7 Python/3";; *) exit 252;; esac',
  "aws-cli/2.9.19": 'case $* in --version) echo "aws-cli/2.9.19 Python/3";; *) exit 252;; esac',
};

describe("the AWS CLI of the demo", () => {
  const folder = tempFolder();
  const found = async (script?: string) => {
    if (script !== undefined)
      fs.writeFileSync(path.join(folder(), "aws"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return (await findAws({ env: { PATH: folder() } })).name;
  };

  beforeEach(() => fs.symlinkSync("/bin/sh", path.join(folder(), "sh")));

  it("is the one on PATH that knows access entries", async () => {
    assert.equal(await found(PROGRAMS["aws-cli/2.36.7"]), "real aws-cli/2.36.7");
  });

  it("is played by the SDK where it is too old, or missing", async () => {
    assert.match(await found(PROGRAMS["aws-cli/2.9.19"]), /^@aws-sdk\/client-eks /);
    fs.rmSync(path.join(folder(), "aws"));
    assert.match(await found(), /^@aws-sdk\/client-eks /);
  });
});
