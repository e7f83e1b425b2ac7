import assert from "node:assert/strict";
import { openSource } from "../../../../token/aws/sources/open-source.ts";
import type { SourceAccess } from "../../../../token/aws/sources/opened-source.ts";
import type { SsoPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { keeping, sourceAccess, WISH } from "./source-access.ts";

const PLAN: SsoPlan = {
  kind: "sso",
  session: "corp",
  startUrl: "https://corp.awsapps.com/start",
  region: "eu-west-1",
  account: "111122223333",
  role: "Dev",
  tokenFile: "token.json",
  origin: { profile: "dev", file: "/aws/config", line: 2 },
};
const GIVEN = { accessKeyId: "ASIA1", secretAccessKey: "s", sessionToken: "t", expires: 2_000_000 };

function center(accessToken: string) {
  const calls: string[] = [];
  const witness = ["/home/ada/.aws/sso/cache/token.json", "1.2.3.4.5"] as const;
  const identityCenter: SourceAccess["identityCenter"] = {
    accessToken: async () => ({ accessToken, witness }),
    roleCredentials: async (plan: SsoPlan, token: string) => {
      calls.push(`${plan.role} ${token}`);
      return GIVEN;
    },
  };
  return { calls, identityCenter };
}

describe("a role of Identity Center as a source", () => {
  const open = (plan: SsoPlan, { identityCenter }: ReturnType<typeof center>, kept = new Map()) =>
    openSource(
      { plan, witnesses: [["/aws/config", "1.1.1.1.1"]] },
      sourceAccess({
        clock: () => 1_000_000,
        identityCenter,
        kept: keeping(kept, () => 1_000_000),
      }),
    );

  it("is asked for by the token of the session, and kept", async () => {
    const one = center("canary-1");
    const kept = new Map();
    const opened = await open(PLAN, one, kept);
    assert.deepEqual(one.calls, [], "opening asks nobody for the role");
    assert.deepEqual(await opened.credentials(WISH), GIVEN);
    assert.deepEqual(await (await open(PLAN, one, kept)).credentials(WISH), GIVEN);
    assert.deepEqual(one.calls, ["Dev canary-1"]);
    assert.deepEqual([opened.canNarrow, opened.end], [false, undefined]);
    assert.deepEqual(opened.witnesses, [
      ["/aws/config", "1.1.1.1.1"],
      ["/home/ada/.aws/sso/cache/token.json", "1.2.3.4.5"],
    ]);
  });

  it("is another for another login, role or account; its token stands nowhere in it", async () => {
    const digests = await Promise.all([
      open(PLAN, center("canary-1")),
      open(PLAN, center("canary-2")),
      open({ ...PLAN, role: "Admin" }, center("canary-1")),
      open({ ...PLAN, account: "444455556666" }, center("canary-1")),
    ]);
    assert.equal(new Set(digests.map(({ digest }) => digest)).size, 4);
    assert.doesNotMatch(JSON.stringify(digests), /canary/);
  });

  it("answers nothing warm when the token's file is in doubt", async () => {
    const { identityCenter } = center("canary-1");
    const doubtful = {
      ...identityCenter,
      accessToken: async () => ({ accessToken: "x", witness: undefined }),
    };
    assert.equal((await open(PLAN, { calls: [], identityCenter: doubtful })).witnesses, undefined);
  });
});
