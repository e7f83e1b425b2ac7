import assert from "node:assert/strict";
import { openPlan } from "../../../../token/aws/sources/open-source.ts";
import type { KeysPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { assertRefused } from "./refusal.ts";
import { planAccess, WISH } from "./source-access.ts";

const NOON = Date.parse("2026-01-15T12:00:00Z");
const OF_FILE = { profile: "dev", file: "/aws/credentials", line: 3 };

const keys = (more: Partial<KeysPlan> = {}): KeysPlan => ({
  kind: "keys",
  from: "credentials",
  accessKeyId: "ASIACANARYKEY0000001",
  secretAccessKey: "canary-secret",
  sessionToken: "canary-session",
  expires: undefined,
  origin: OF_FILE,
  ...more,
});
const open = (plan: KeysPlan) => openPlan({ plan, witnesses: [] }, planAccess({ clock: () => NOON }));

describe("keys as a source", () => {
  it("are given as they stand", async () => {
    const opened = await open(keys());
    assert.deepEqual(opened.witnesses, []);
    assert.deepEqual(await opened.credentials(WISH), {
      accessKeyId: "ASIACANARYKEY0000001",
      secretAccessKey: "canary-secret",
      sessionToken: "canary-session",
      expires: undefined,
    });
  });

  it("are told apart by their id alone: a line that moves changes nothing", async () => {
    const { digest } = await open(keys());
    assert.match(digest, /^[0-9a-f]{64}$/);
    const same = keys({
      from: "config",
      secretAccessKey: "x",
      sessionToken: "y",
      origin: { ...OF_FILE, line: 9 },
    });
    assert.equal((await open(same)).digest, digest);
    assert.notEqual((await open(keys({ accessKeyId: "ASIACANARYKEY0000002" }))).digest, digest);
  });

  for (const [expires, end] of [
    ["2026-01-15T13:00:00Z", "2026-01-15T13:00:00.000Z"],
    ["2026-01-15T13:00:00.500Z", "2026-01-15T13:00:00.500Z"],
    ["2026-01-15T13:00:00UTC", "2026-01-15T13:00:00.000Z"],
    ["2026-01-15T15:00:00+02:00", "2026-01-15T13:00:00.000Z"],
    ["2026-01-15 08:00:00-0500", "2026-01-15T13:00:00.000Z"],
    ["2026-01-15 13:00:00+00:00", "2026-01-15T13:00:00.000Z"],
  ] as const)
    it(`end where it is written: ${expires}`, async () => {
      const opened = await open(keys({ expires }));
      const { expires: ends = 0 } = await opened.credentials(WISH);
      assert.equal(new Date(ends).toISOString(), end);
    });

  it("that have no session do not end, whatever stands beside them", async () => {
    for (const expires of ["2020-01-01T00:00:00Z", "soon"]) {
      const opened = await open(keys({ sessionToken: undefined, expires }));
      assert.equal((await opened.credentials(WISH)).expires, undefined);
    }
  });

  for (const [name, plan, code, exit, says] of [
    [
      "that are over",
      keys({ expires: "2026-01-15T12:00:00Z" }),
      "aws-keys-expired",
      2,
      "AWS profile dev (/aws/credentials, line 3)) expired at 2026-01-15",
    ],
    [
      "that are over, from the environment",
      keys({
        expires: "2026-01-15T11:00:00Z",
        from: "environment",
        origin: { variable: "AWS_ACCESS_KEY_ID" },
      }),
      "aws-keys-expired",
      2,
      "ASIACANARYKEY0000001 (AWS_ACCESS_KEY_ID)",
    ],
    [
      "with a date that is none",
      keys({ expires: "soon" }),
      "profile-invalid",
      6,
      'x_security_token_expires is "soon"',
    ],
    [
      "with a date without a zone",
      keys({ expires: "2026-01-15T13:00:00" }),
      "profile-invalid",
      6,
      "not a date such as",
    ],
    [
      "with a day that is none",
      keys({ expires: "2026-02-30T13:00:00Z" }),
      "profile-invalid",
      6,
      "not a date such as",
    ],
    [
      "with such a date in the environment",
      keys({ expires: "soon", from: "environment", origin: { variable: "AWS_ACCESS_KEY_ID" } }),
      "aws-variables-invalid",
      6,
      'AWS_CREDENTIAL_EXPIRATION is "soon"',
    ],
  ] as const)
    it(`are refused: those ${name}`, async () => {
      await assertRefused(() => open(plan), { code, exit, says });
    });
});
