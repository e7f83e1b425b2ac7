import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TamperingRisk, tamperingRisk } from "../../../token/files/tampering-risk.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("tamperingRisk", () => {
  const folder = tempFolder();
  const at = (...names: readonly string[]) => path.join(folder(), ...names);
  /** `real/deep/bin/helper`, and `links/helper`, which leads to it by `links/hop/back`. */
  beforeEach(() => {
    fs.mkdirSync(at("real", "deep", "bin"), { recursive: true, mode: 0o755 });
    fs.mkdirSync(at("links", "hop"), { recursive: true, mode: 0o755 });
    fs.writeFileSync(at("real", "deep", "bin", "helper"), "", { mode: 0o755 });
    fs.symlinkSync("hop/back/../deep/bin/helper", at("links", "helper"));
    fs.symlinkSync(at("real", "deep"), at("links", "hop", "back"));
  });

  const helper = () => at("real", "deep", "bin", "helper");
  const linked = () => at("links", "helper");
  const shown = (found: TamperingRisk | undefined) => found?.why.replaceAll(`${folder()}/`, "");

  it("finds nothing where all is this user's or root's, and nobody else may write", () => {
    for (const file of [helper(), linked()]) assert.equal(shown(tamperingRisk(file)), undefined);
  });

  for (const [name, why] of [
    ["real/deep/bin/helper", "real/deep/bin/helper is writable by others"],
    ["real/deep/bin", "others can replace files in real/deep/bin"],
    ["real/deep", "others can replace files in real/deep"],
    ["real", "others can replace files in real"],
  ] as const)
    onPosix("modes", `finds ${name}, which everybody may write, and how that is cured`, () => {
      fs.chmodSync(at(name), 0o777);
      for (const file of [helper(), linked()]) {
        const found = tamperingRisk(file);
        assert.equal(shown(found), why);
        assert.deepEqual(found?.command?.operands, [at(name)]);
      }
    });

  for (const name of ["links", "links/hop"])
    onPosix("modes", `finds ${name}, through which a link leads, and not for the file itself`, () => {
      fs.chmodSync(at(name), 0o777);
      assert.equal(shown(tamperingRisk(linked())), `others can replace files in ${name}`);
      assert.equal(tamperingRisk(helper()), undefined);
    });

  it("allows a folder in which others can change only what is theirs", () => {
    fs.chmodSync(at("real"), 0o1777);
    assert.equal(tamperingRisk(helper()), undefined);
  });

  // Only root gives files away.
  if (process.getuid?.() === 0) {
    for (const name of ["real/deep/bin/helper", "real/deep", "links/helper"])
      it(`finds ${name}, which is another user's`, () => {
        fs.lchownSync(at(name), 12345, 12345);
        assert.equal(shown(tamperingRisk(linked())), `${name} belongs to user 12345`);
        assert.equal(tamperingRisk(linked(), 12345), undefined);
      });
  }

  // A list that lets one other user write shows as this bit, whatever the group.
  onPosix("modes", "finds a folder that its group may write, even the user's own", () => {
    fs.chmodSync(at("real"), 0o775);
    assert.equal(shown(tamperingRisk(helper())), "others can replace files in real");
  });

  onPosix("links", "says what is not there, and what goes round", () => {
    fs.rmSync(helper());
    assert.equal(shown(tamperingRisk(linked())), "links/helper does not exist");
    fs.symlinkSync("helper", helper());
    assert.equal(
      shown(tamperingRisk(helper())),
      "real/deep/bin/helper cannot be checked: its symbolic links form a loop",
    );
  });
});
