import assert from "node:assert/strict";
import { timestamp } from "../../../token/text/timestamp.ts";

describe("timestamp", () => {
  it("tells seconds in UTC, without their fractions", () => {
    assert.equal(timestamp(Date.parse("2026-01-15T12:00:00.999Z")), "2026-01-15T12:00:00Z");
  });
});
