import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { elfProblems } from "../../../krew/binary/elf.ts";
import { readElf, SHF_ALLOC } from "../../../krew/binary/elf-file.ts";
import { withoutSymbols } from "../../../krew/binary/elf-strip.ts";
import { CORE_PARTS, elfBytes } from "../../support/elf-bytes.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("an ELF file without its symbols", () => {
  const folder = tempFolder();
  const whole = elfBytes(CORE_PARTS);
  const stripped = withoutSymbols(whole);

  it("keeps what is loaded, and drops the rest", () => {
    assert.deepEqual(
      readElf(stripped).sections.map(({ name }) => name),
      ["", ".dynstr", ".gnu.version_r", ".text", ".rela.plt", ".shstrtab"],
    );
    assert.deepEqual(readElf(stripped).segments, readElf(whole).segments);
    assert.deepEqual(elfProblems(stripped, { arch: "amd64", kind: "core" }), []);
    assert.ok(stripped.length < whole.length);
  });

  it("moves nothing that is loaded", () => {
    const [loaded] = readElf(whole).segments;
    assert.ok(loaded && loaded.fileSize > 300);
    const after = stripped.subarray(64, loaded.fileSize);
    assert.ok(after.equals(whole.subarray(64, loaded.fileSize)));
    assert.deepEqual(stripped.subarray(0, 40), whole.subarray(0, 40));
  });

  it("lets sections point to each other by their new numbers, and counts stay counts", () => {
    const { sections } = readElf(stripped);
    const named = (wanted: string) => sections.find(({ name }) => name === wanted);
    assert.equal(sections[named(".gnu.version_r")?.link ?? 0]?.name, ".dynstr");
    assert.equal(named(".gnu.version_r")?.info, 2);
    assert.equal(named(".rela.plt")?.link, 0, "its symbol table is gone");
    assert.equal(sections[named(".rela.plt")?.info ?? 0]?.name, ".text");
  });

  it("stays as it is when it is done again", () => {
    assert.ok(withoutSymbols(stripped).equals(stripped));
  });

  it("is refused from anything else", () => {
    assert.throws(() => withoutSymbols(Buffer.from("MZ")), /no ELF file/);
    assert.throws(() => withoutSymbols(whole.subarray(0, 200)), /truncated/);
  });

  if (process.platform === "linux") {
    it("runs, shown with the Node that runs this test", () => {
      const node = fs.readFileSync(process.execPath);
      const bare = withoutSymbols(node);
      assert.deepEqual(
        readElf(bare)
          .sections.slice(1)
          .filter(({ flags }) => (flags & SHF_ALLOC) === 0)
          .map(({ name }) => name),
        [".shstrtab"],
      );
      const file = path.join(folder(), "node");
      fs.writeFileSync(file, bare, { mode: 0o755 });
      const said = execFileSync(
        file,
        ["-p", "require('crypto').createHash('sha256').update('x').digest('hex')"],
        {
          encoding: "utf8",
        },
      );
      assert.equal(said.trim(), "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    });
  }
});
