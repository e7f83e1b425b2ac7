import assert from "node:assert/strict";
import { matchInError, saidByCall } from "../../../../doctor/derive/failure/error-sources.ts";
import { healthyBundle } from "../../support/bundle.ts";

describe("saidByCall", () => {
  it("is what a call said that failed, or of which nobody knows how it ended", () => {
    assert.equal(saidByCall(healthyBundle({ question: { stderr: " boom\n" } })), "boom");
    assert.equal(saidByCall(healthyBundle({ question: { exitCode: 1, stderr: "boom" } })), "boom");
    assert.equal(saidByCall(healthyBundle({ question: { exitCode: 0, stderr: "boom" } })), undefined);
    assert.equal(saidByCall(healthyBundle({ question: { exitCode: 1, stderr: "\n" } })), undefined);
  });
});

describe("matchInError", () => {
  it("quotes the last line that holds them", () => {
    const text =
      'E1125 memcache.go:265] "executable aws not found"\nUnable to connect: executable aws not found';
    assert.equal(
      matchInError(text, /executable (\S+) not found/)?.line,
      "Unable to connect: executable aws not found",
    );
  });

  it("finds them broken over the lines of Terraform's frame", () => {
    const found = matchInError("│ Error: executable\n│ aws not found", /executable (\S+) not found/);
    assert.equal(found?.match[1], "aws");
  });

  it("finds nothing in nothing", () => {
    assert.equal(matchInError(undefined, /x/), undefined);
    assert.equal(matchInError("abc", /x/), undefined);
  });
});
