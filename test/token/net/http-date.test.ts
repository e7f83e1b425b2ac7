import assert from "node:assert/strict";
import { httpDate } from "../../../token/net/http-date.ts";

describe("httpDate", () => {
  it("reads the example of RFC 9110, 5.6.7", () => {
    assert.equal(httpDate("Sun, 06 Nov 1994 08:49:37 GMT"), 784_111_777_000);
  });

  for (const value of [
    undefined,
    "",
    "-1",
    "1994",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 99 Nov 1994 08:49:37 GMT",
  ]) {
    it(`takes ${JSON.stringify(value)} for no date`, () => {
      assert.equal(httpDate(value), undefined);
    });
  }
});
