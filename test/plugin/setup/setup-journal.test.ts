import assert from "node:assert/strict";
import path from "node:path";
import {
  type JournalStep,
  kubeconfigsWritten,
  readJournal,
  writeJournal,
} from "../../../plugin/setup/setup-journal.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the journal of setups", () => {
  const folder = tempFolder();
  const step = (number: number, kind: JournalStep["kind"] = "kubeconfig"): JournalStep => ({
    kind,
    time: "2026-01-15T12:00:00Z",
    files: [{ path: path.resolve(`${kind}-${number}`), before: null, after: null, entries: [] }],
  });

  it("keeps fifty steps, and each kubeconfig that any of them wrote", () => {
    const written: JournalStep[] = [];
    for (let number = 1; number <= 60; number += 1) {
      written.push(step(number));
      writeJournal(folder(), [...readJournal(folder()), step(number)]);
    }
    writeJournal(folder(), [...readJournal(folder()), step(1, "aws-config")]);
    assert.equal(readJournal(folder()).length, 50);
    const files = written.flatMap((one) => one.files.map((file) => file.path));
    assert.deepEqual([...kubeconfigsWritten(folder())].sort(), files.sort());
    writeJournal(folder(), []);
    assert.equal(kubeconfigsWritten(folder()).length, 11, "what was taken back is no longer known");
  });
});
