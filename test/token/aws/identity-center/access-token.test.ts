import assert from "node:assert/strict";
import fs from "node:fs";
import { ssoAccessToken } from "../../../../token/aws/identity-center/access-token.ts";
import { onPosix } from "../../../support/platform.ts";
import { centerLab } from "./center-lab.ts";

const MINUTE = 60_000;
const PAST = "2026-01-15T12:00:00Z";

describe("the access token of a session at Identity Center", () => {
  const lab = centerLab();
  const ask = (more = {}) => ssoAccessToken(lab().plan, lab().access(more));
  const operations = () => lab().standIn.calls.map(({ operation }) => operation);
  const inMinutes = (minutes: number) => new Date(lab().clock() + minutes * MINUTE).toISOString();
  const loggedOut = { code: "sso-logged-out", exit: 2, hint: "Run `kubectl vouch login --profile dev`." };
  const ended = { code: "sso-session-expired", exit: 2, hint: "Run `kubectl vouch login --profile dev`." };

  it("is the one in the file, which tells whether it is still there; nobody is asked", async () => {
    const { accessToken } = lab().logIn();
    fs.utimesSync(lab().tokenFile, 1, 1);
    const later = () => Date.now() + 5000;
    const { witness, ...found } = await ask({ clock: later });
    const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(lab().tokenFile, { bigint: true });
    assert.deepEqual(witness, [lab().tokenFile, `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`]);
    assert.deepEqual(found, {
      accessToken,
      isRefreshable: true,
      expires: Date.parse(String(lab().readToken()["expiresAt"])),
    });
    assert.deepEqual(operations(), []);
  });

  it("is no witness while the file is new", async () => {
    lab().logIn();
    assert.equal((await ask()).witness, undefined);
  });

  for (const [what, ending] of [
    ["of the AWS CLI", (time: string) => time.replace(/\.\d+Z$/, "Z")],
    ["of old files of the AWS CLI", (time: string) => time.replace(/\.\d+Z$/, "UTC")],
    ["of the SDK for JavaScript", (time: string) => time],
  ] as const)
    it(`ends at a time in the form ${what}`, async () => {
      lab().logIn({ expiresAt: ending(inMinutes(30)) });
      const left = (await ask()).expires - lab().clock();
      assert.ok(Math.abs(left - 30 * MINUTE) < 5000, String(left));
      assert.deepEqual(operations(), []);
    });

  onPosix("modes", "is refreshed below five minutes, and only then; what others wrote stays", async () => {
    lab().logIn({ expiresAt: inMinutes(5.2), editor: { is: "known" } });
    await ask();
    assert.deepEqual(operations(), []);
    const before = lab().logIn({ expiresAt: inMinutes(4.9), editor: { is: "known" } });
    const found = await ask();
    assert.deepEqual(operations(), ["CreateToken"]);
    const after = lab().readToken();
    assert.equal(after["accessToken"], found.accessToken);
    for (const name of ["accessToken", "refreshToken", "expiresAt"])
      assert.notEqual(after[name], before[name]);
    for (const name of ["editor", "clientId", "clientSecret", "registrationExpiresAt", "startUrl", "region"])
      assert.deepEqual(after[name], before[name], name);
    assert.equal(fs.statSync(lab().tokenFile).mode & 0o777, 0o600);
    await ask();
    assert.deepEqual(operations(), ["CreateToken"]);
  });

  it("is used up when it cannot be refreshed", async () => {
    const { accessToken } = lab().logIn({ expiresAt: inMinutes(3), refreshToken: "canary-used-already" });
    assert.equal((await ask()).accessToken, accessToken);
    lab().standIn.faults.down = true;
    try {
      assert.equal((await ask()).accessToken, accessToken);
    } finally {
      lab().standIn.faults.down = false;
    }
    lab().logIn({ expiresAt: inMinutes(3), refreshToken: undefined });
    lab().standIn.clearCalls();
    await ask();
    assert.deepEqual(operations(), []);
  });

  it("is over when AWS does not refresh it", async () => {
    lab().logIn({ expiresAt: PAST, refreshToken: "canary-used-already" });
    await assert.rejects(ask(), {
      ...ended,
      message:
        "The IAM Identity Center (sso-session lab) session has ended: AWS did not refresh it: Invalid refresh token provided.",
    });
  });

  for (const [what, fields] of [
    ["that cannot be refreshed", { refreshToken: undefined }],
    ["without a client", { clientSecret: undefined }],
    ["whose client's registration is over", { registrationExpiresAt: PAST }],
  ] as const)
    it(`is over, a token ${what}; nobody is asked`, async () => {
      lab().logIn({ ...fields, expiresAt: PAST });
      await assert.rejects(ask(), ended);
      assert.deepEqual(operations(), []);
    });

  it("cannot be had without AWS once the old one is over: that is no logout", async () => {
    lab().logIn({ expiresAt: PAST });
    lab().standIn.faults.down = true;
    try {
      await assert.rejects(ask(), { code: "aws-unreachable", exit: 4 });
    } finally {
      lab().standIn.faults.down = false;
    }
    await ask();
  });

  it("is nobody's without a file", async () => {
    await assert.rejects(ask(), {
      ...loggedOut,
      message: "You are not logged in to IAM Identity Center (sso-session lab).",
    });
  });

  for (const [what, content] of [
    ["is empty", ""],
    ["stays a half", '{"accessToken": "canary-ha'],
    ["is something else's", { token: "canary", editor: true }],
    ["does not say when it ends", { accessToken: "canary" }],
    ["ends soon", { accessToken: "canary", expiresAt: "soon" }],
    ["ends at a day that is none", { accessToken: "canary", expiresAt: "2026-02-30T00:00:00Z" }],
    ["has a token of another kind", { accessToken: { is: "canary" }, expiresAt: "2126-01-15T12:00:00Z" }],
    ["is a list", "[1]"],
  ] as const)
    it(`is nobody's in a file that ${what}`, async () => {
      lab().writeToken(content);
      await assert.rejects(ask(), (error: Error) => {
        assert.doesNotMatch(error.message, /canary/);
        return (
          assert.throws(() => {
            throw error;
          }, loggedOut) === undefined
        );
      });
    });

  it("is read again where another program is writing it", async () => {
    lab().writeToken("");
    const late = setTimeout(() => lab().logIn(), 120);
    try {
      assert.match((await ask()).accessToken, /^canary-access/);
    } finally {
      clearTimeout(late);
    }
  });

  it("is not waited for when the person interrupts", async () => {
    lab().writeToken("");
    await assert.rejects(ask({ signal: AbortSignal.abort() }), { code: "interrupted" });
  });

  it("goes to no other host than AWS's, whatever the profile says is its region", async () => {
    lab().logIn({ expiresAt: PAST });
    const plan = { ...lab().plan, region: "evil.example/#" };
    await assert.rejects(ssoAccessToken(plan, lab().access()), { code: "region-invalid" });
  });
});
