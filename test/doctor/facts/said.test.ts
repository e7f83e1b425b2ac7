import assert from "node:assert/strict";
import { findWords, saidByCall } from "../../../doctor/facts/said.ts";
import { healthyBundle } from "../support/bundle.ts";

describe("saidByCall", () => {
  it("is what a call said that failed, or of which nobody knows how it ended", () => {
    assert.equal(saidByCall(healthyBundle({ question: { stderr: " boom\n" } })), "boom");
    assert.equal(saidByCall(healthyBundle({ question: { exitCode: 1, stderr: "boom" } })), "boom");
    assert.equal(saidByCall(healthyBundle({ question: { exitCode: 0, stderr: "boom" } })), undefined);
    assert.equal(saidByCall(healthyBundle({ question: { exitCode: 1, stderr: "\n" } })), undefined);
  });
});

describe("findWords", () => {
  it("quotes the last line that holds them", () => {
    const text =
      'E1125 memcache.go:265] "executable aws not found"\nUnable to connect: executable aws not found';
    assert.equal(
      findWords(text, /executable (\S+) not found/)?.line,
      "Unable to connect: executable aws not found",
    );
  });

  it("finds them broken over the lines of Terraform's frame", () => {
    const found = findWords("│ Error: executable\n│ aws not found", /executable (\S+) not found/);
    assert.equal(found?.match[1], "aws");
  });

  it("finds nothing in nothing", () => {
    assert.equal(findWords(undefined, /x/), undefined);
    assert.equal(findWords("abc", /x/), undefined);
  });
});
