import assert from "node:assert/strict";
import { helperAnswer, helperRequest, uint32 } from "../../../../token/fido2/windows/messages.ts";

describe("the lines to and from vouch-webauthn.exe", () => {
  it("of a request are its act, its values in order, and an empty line", () => {
    const request = helperRequest("create", [
      ["rp-id", Buffer.from("é")],
      ["exclude", Buffer.from([1, 0xff])],
      ["exclude", Buffer.from([2])],
      ["timeout", uint32(300_000)],
    ]);
    assert.equal(request, "create\nrp-id c3a9\nexclude 01ff\nexclude 02\ntimeout 000493e0\n\n");
  });

  it("of an answer are values by name; one can be empty", () => {
    const { values, error } = helperAnswer("api 09\nsignature 0aff\nuser-handle \n\n") ?? assert.fail();
    assert.deepEqual(
      [...values].map(([name, bytes]) => [name, bytes.toString("hex")]),
      [
        ["api", "09"],
        ["signature", "0aff"],
        ["user-handle", ""],
      ],
    );
    assert.equal(error, undefined);
  });

  it("of a failure are its number and its name, which the helper leaves out before the library is loaded", () => {
    assert.deepEqual(helperAnswer("api 08\nerror 800704c7 NotAllowedError\n\n")?.error, {
      code: "800704c7",
      name: "NotAllowedError",
    });
    assert.deepEqual(helperAnswer("error 8007007e \n\n")?.error, { code: "8007007e", name: "" });
  });

  const broken = {
    nothing: "",
    "an end that is missing": "api 09\nsignature 0a\n",
    "a line that is cut": "api 09\nsignature 0\n\n",
    "a line after the end": "api 09\n\nsignature 0a\n",
    "two ends": "api 09\n\n\n",
    "a name twice": "api 09\napi 09\n\n",
    "upper case": "api 0A\n\n",
    "other characters": "api 09\nsignature 0a \n\n",
    "a failure before values": "error 800704c7 X\napi 09\n\n",
    "a failure without a number": "error 8007 X\n\n",
    "a name with a control character": "error 800704c7 \u001b[2J\n\n",
    "line ends of Windows": "api 09\r\n\r\n",
  };
  for (const [what, text] of Object.entries(broken))
    it(`are not read if there is ${what}`, () => assert.equal(helperAnswer(text), undefined));
});
