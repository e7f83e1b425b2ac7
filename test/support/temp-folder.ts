import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** On a disk, where the number of a removed file is used again; in memory, where tests have their files, it is not. */
export const ON_DISK = "/var/tmp";

/** Gives every test of the suite an empty folder of its own, of mode 0700, and removes it afterwards. */
export function tempFolder(place = os.tmpdir()): () => string {
  let folder = "";
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(place), "vouch-test-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return () => folder;
}
