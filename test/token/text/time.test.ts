import assert from "node:assert/strict";
import { clockTime, localTime, localTimeOf, timestamp } from "../../../token/text/time.ts";
import { inTimeZone } from "../../support/time-zone.ts";

describe("times for people", () => {
  inTimeZone("Europe/Berlin");
  const time = Date.parse("2026-01-15T22:05:09.999Z");

  const zones: [name: string, local: string][] = [
    ["UTC", "2026-01-15 22:05:09 UTC"],
    ["Europe/Berlin", "2026-01-15 23:05:09 UTC+1"],
    ["America/New_York", "2026-01-15 17:05:09 UTC-5"],
    ["Asia/Kolkata", "2026-01-16 03:35:09 UTC+5:30"],
    ["America/St_Johns", "2026-01-15 18:35:09 UTC-3:30"],
    ["Pacific/Auckland", "2026-01-16 11:05:09 UTC+13"],
  ];
  for (const [name, local] of zones) {
    it(`are local, with their offset, in ${name}`, () => {
      process.env["TZ"] = name;
      assert.equal(localTime(time), local);
    });
  }

  it("leave a time alone that is none", () => {
    assert.equal(localTimeOf("2026-01-15T22:05:09Z"), "2026-01-15 23:05:09 UTC+1");
    assert.equal(localTimeOf("tomorrow"), "tomorrow");
  });

  it("have the offset of their own day", () => {
    assert.equal(localTime(Date.parse("2026-07-15T22:05:09Z")), "2026-07-16 00:05:09 UTC+2");
  });

  it("are hours and minutes today, and have their date on any other day", () => {
    const at = (text: string) => clockTime(time, Date.parse(text));
    assert.equal(at("2026-01-15T09:00:00Z"), "23:05 UTC+1");
    assert.equal(at("2026-01-14T23:00:00Z"), "23:05 UTC+1");
    assert.equal(at("2026-01-14T22:59:59Z"), "2026-01-15 23:05 UTC+1");
    assert.equal(at("2026-01-15T23:00:00Z"), "2026-01-15 23:05 UTC+1");
    assert.equal(at("2025-01-15T12:00:00Z"), "2026-01-15 23:05 UTC+1");
  });
});

describe("timestamp", () => {
  it("tells seconds in UTC, without their fractions", () => {
    assert.equal(timestamp(Date.parse("2026-01-15T12:00:00.999Z")), "2026-01-15T12:00:00Z");
  });
});
