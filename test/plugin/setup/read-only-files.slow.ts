import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { commitChanges } from "../../../plugin/setup/commit-changes.ts";
import { planEks } from "../../../plugin/setup/eks-plan.ts";
import { folderState } from "../../support/folder-state.ts";
import { asOrdinaryUser, giveToOrdinaryUser } from "../../support/ordinary-user.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { labEntry } from "./lab-entry.ts";

const TEXT = "# mine\napiVersion: v1\nkind: Config\n";

/** As kubectl, which opens the file for writing, refuses them. Source: client-go, tools/clientcmd/loader.go. */
describe("files that somebody may not write", () => {
  let file: string;
  afterEach(() => fs.chmodSync(path.dirname(file), 0o755));
  const folder = tempFolder();
  const place = () => ({ stateDir: path.join(folder(), "state"), clock: Date.now });
  const act = (...actions: string[]) => {
    const args = [place().stateDir, file, ...actions];
    const { stdout, stderr } = asOrdinaryUser(new URL("ordinary-user/main.ts", import.meta.url), args);
    assert.equal(stderr, "");
    return stdout.split("\n").slice(0, -1);
  };
  /** But for the folder's own time: a lock was made in it and removed. */
  const inFolder = () => {
    const { ".": _own, ...others } = folderState(path.dirname(file));
    return others;
  };
  const journal = () => fs.readFileSync(path.join(place().stateDir, "setup-journal.json"), "utf8");

  beforeEach(() => {
    fs.chmodSync(folder(), 0o755);
    file = path.join(folder(), "kube", "config");
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, TEXT);
    giveToOrdinaryUser(folder());
  });

  const refusals: [string, () => void, RegExp][] = [
    [
      "a file that is read-only",
      () => fs.chmodSync(file, 0o444),
      /^file-unwritable: \S+config cannot be written: permission denied\. Check its owner and mode: `ls -lL \S+config`$/,
    ],
    [
      "a link to a file that is read-only",
      () => {
        fs.chmodSync(file, 0o444);
        fs.symlinkSync("config", path.join(path.dirname(file), "link"));
        file = path.join(path.dirname(file), "link");
      },
      /^file-unwritable: \S+link cannot be written: permission denied\./,
    ],
    [
      "a file in a folder that is read-only",
      () => fs.chmodSync(path.dirname(file), 0o555),
      /^file-unwritable: Lock \S+config\.lock cannot be created: .*permission denied/,
    ],
  ];
  if (process.getuid?.() === 0)
    refusals.push([
      "a file of somebody else",
      () => {
        fs.chownSync(file, 0, 0);
        fs.chmodSync(file, 0o644);
      },
      /^file-unwritable: \S+config cannot be written: permission denied\./,
    ]);

  for (const [what, make, refusal] of refusals) {
    it(`setup and undo refuse ${what}, --dry-run says so, and everything stays as it was`, async () => {
      const real = file;
      await commitChanges(place(), () => planEks({ paths: [file], entries: [labEntry()] }));
      giveToOrdinaryUser(folder());
      make();
      const [before, recorded] = [inFolder(), journal()];
      const [setup = "", undo = "", dryRun = ""] = act("setup", "undo", "dry-run");
      assert.match(setup, refusal);
      assert.match(undo, refusal);
      assert.match(dryRun, /cannot be written: /);
      assert.deepEqual([inFolder(), journal()], [before, recorded]);

      fs.chmodSync(path.dirname(file), 0o755);
      fs.chmodSync(real, 0o644);
      giveToOrdinaryUser(folder());
      assert.deepEqual(act("undo"), [""]);
      assert.equal(fs.readFileSync(file, "utf8"), TEXT);
    });
  }

  it("a folder that cannot be made is refused, and --dry-run says so", () => {
    const parent = path.dirname(file);
    file = path.join(parent, "missing", "deeper", "config");
    fs.chmodSync(parent, 0o555);
    const [setup = "", dryRun = ""] = act("setup", "dry-run");
    assert.match(setup, /^file-unwritable: /);
    assert.equal(dryRun, `Folder ${parent} cannot be written: permission denied.`);
    file = path.join(parent, "config");
  });

  it("setup aws refuses them too", () => {
    fs.writeFileSync(file, "");
    fs.chmodSync(file, 0o444);
    const before = inFolder();
    assert.match(act("aws").join(), /^file-unwritable: \S+config cannot be written: permission denied\./);
    assert.deepEqual(inFolder(), before);
  });

  it("but writes and undoes a file that is somebody's own", () => {
    const before = fs.statSync(file);
    assert.deepEqual(act("setup", "undo", "dry-run"), ["", "", ""]);
    assert.equal(fs.readFileSync(file, "utf8"), TEXT);
    assert.deepEqual([fs.statSync(file).uid, fs.statSync(file).mode], [before.uid, before.mode]);
  });
});
