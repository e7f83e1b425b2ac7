import assert from "node:assert/strict";
import { asksTwice, readsStdinManifest } from "../../../token/mint/stdin-manifest.ts";
import { idleProcess } from "../../support/idle-process.ts";

describe("readsStdinManifest", () => {
  for (const words of [
    ["kubectl", "apply", "-f", "-"],
    ["kubectl", "apply", "-f-"],
    ["kubectl", "apply", "-f=-"],
    ["kubectl", "replace", "-Rf", "-"],
    ["kubectl", "diff", "--filename", "-"],
    ["kubectl", "delete", "--filename=-", "--now"],
    ["kubectl", "get", "-f", "a.yaml", "-f", "-"],
  ]) {
    it(`is so for ${words.join(" ")}`, () => {
      assert.equal(readsStdinManifest(words), true);
    });
  }

  for (const words of [
    [],
    ["kubectl", "get", "pods"],
    ["kubectl", "apply", "-f", "a.yaml"],
    ["kubectl", "apply", "-f"],
    ["kubectl", "apply", "-f", "-x"],
    ["kubectl", "logs", "-f", "pod", "-"],
    ["kubectl", "apply", "--filename=a-"],
    ["kubectl", "exec", "pod", "--", "cat", "-"],
  ]) {
    it(`is not so for ${words.join(" ") || "no words"}`, () => {
      assert.equal(readsStdinManifest(words), false);
    });
  }
});

describe("asksTwice", () => {
  for (const [words, expected] of [
    [["apply", "-f", "-"], true],
    [["get", "pods"], false],
  ] as const) {
    it(`is ${expected} of a process that was called with ${words.join(" ")}`, async () => {
      const child = await idleProcess(words);
      try {
        assert.equal(asksTwice(child.pid ?? 0), expected);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }

  it("is false of a process that is no more", () => {
    // Beyond the largest id there is: Linux, `/proc/sys/kernel/pid_max`, 2^22.
    assert.equal(asksTwice(4_194_305), false);
  });
});
