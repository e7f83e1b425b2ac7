import assert from "node:assert/strict";
import { envValue } from "../../token/env.ts";

describe("envValue", () => {
  it("gives what is set, and counts an empty variable as unset", () => {
    const env = { SET: "0", EMPTY: "", UNDEFINED: undefined };
    assert.deepEqual(
      ["SET", "EMPTY", "UNDEFINED", "ABSENT"].map((name) => envValue(env, name)),
      ["0", undefined, undefined, undefined],
    );
  });
});
