import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Gives every test of the suite an empty folder of its own, of mode 0700, and removes it afterwards. */
export function tempFolder(): () => string {
  let folder = "";
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "vouch-test-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return () => folder;
}
