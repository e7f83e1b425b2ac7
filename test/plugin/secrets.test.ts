import assert from "node:assert/strict";
import { LAB_ROLE } from "../lab/lab.ts";
import { leaksIn } from "../support/canaries.ts";
import { labDesk } from "../support/lab-desk.ts";
import { suiteOnPosix } from "../support/platform.ts";

const SECRET = "LAB-CANARY/secret+of 32 letters!";

/** Tests of commands search all that is said for secrets; here it is shown that the search bites. */
suiteOnPosix("lab", "the search for secrets", () => {
  const desk = labDesk();
  const url = (text: string) => encodeURIComponent(text);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const leaks: Record<string, string> = {
    "as it is": `error: ${SECRET}.`,
    "percent-encoded": `https://example.com/?token=${url(SECRET)}`,
    "in base64": base64(SECRET),
    "in base64url": Buffer.from(SECRET).toString("base64url"),
    "in base64 behind one other byte": base64(`a${SECRET}b`),
    "in base64 behind two other bytes": base64(`ab${SECRET}c`),
  };
  for (const [how, text] of Object.entries(leaks)) {
    it(`finds one ${how}`, () => assert.deepEqual(leaksIn(text, [SECRET]), [SECRET]));
  }

  for (const text of [
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.x",
    `k8s-aws-v1.${"aHR0cHM6Ly9z".repeat(4)}`,
    "X-Amz-Signature=0123456789abcdef0123",
  ]) {
    it(`finds ${text.slice(0, 16)}… by its shape`, () => assert.equal(leaksIn(text, []).length, 1));
  }

  it("finds nothing where there is nothing", () => {
    assert.deepEqual(leaksIn("k8s-aws-v1. is how a token begins; LAB-CANARY", [SECRET]), []);
  });

  it("lets a test fail whose command tells one", async () => {
    desk.logIn();
    const words = ["credential", "aws", "--role", LAB_ROLE];
    await assert.rejects(desk.run(words), /secrets told by credential aws/);
    assert.equal((await desk.run(words, { answersSecret: true })).status, 0);
  });
});
