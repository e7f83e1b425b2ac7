/** The manual page in the archives of the release in KUBECTL_VOUCH_RELEASE, as groff and man-db read it. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readArchive } from "../../krew/archive/read.ts";
import { MANUAL, makeManual } from "../../krew/manual.ts";
import { runCommand } from "../support/run-command.ts";
import { releaseFolder } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const RELEASE = releaseFolder() ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder");
const ENV = { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", MANWIDTH: "80" };

describe("the manual page of the release", () => {
  const folder = tempFolder();
  const archives = fs.readdirSync(RELEASE).filter((name) => name.endsWith(".tar.gz"));
  const pages = archives.map((name) =>
    readArchive(fs.readFileSync(path.join(RELEASE, name))).find((entry) => entry.name === MANUAL),
  );

  async function judge(...words: string[]): Promise<string> {
    const file = path.join(folder(), MANUAL);
    fs.writeFileSync(file, pages[0]?.bytes ?? assert.fail("there is no manual page"));
    const { status, stdout, stderr } = await runCommand([...words, file], { env: ENV });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" }, words.join(" "));
    return stdout;
  }

  it("is in every archive the one that these sources make", async () => {
    const ours = await makeManual();
    assert.ok(pages.length > 0);
    for (const page of pages) assert.equal(page?.bytes.toString(), ours);
  });

  for (const device of ["utf8", "ascii"]) {
    it(`has nothing for groff to warn of, for ${device}`, async () => {
      await judge("groff", "-man", "-ww", "-z", `-T${device}`);
    });
  }

  it("shows what can be copied as it is typed, in lines that fit", async () => {
    const shown = (await judge("groff", "-man", "-Tascii", "-P-cbou")).split("\n");
    for (const text of ["   setup eks", "    kubectl vouch doctor -- get pods -n payments", "ENVIRONMENT"])
      assert.ok(
        shown.some((line) => line.endsWith(text)),
        text,
      );
    assert.ok(shown.some((line) => line.trim() === "PS1='$(kubectl-vouch status --prompt) $ '"));
  });

  it("is found by apropos", async () => {
    assert.match(await judge("lexgrog"), /: "kubectl-vouch - sign in to Amazon EKS /);
  });
});
