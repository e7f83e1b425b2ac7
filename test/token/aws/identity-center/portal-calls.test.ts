import assert from "node:assert/strict";
import {
  portalLogout,
  ssoAccountRoles,
  ssoAccounts,
  ssoRoleCredentials,
} from "../../../../token/aws/identity-center/portal-calls.ts";
import { centerLab } from "./center-lab.ts";

describe("the access portal of Identity Center", () => {
  const lab = centerLab();
  const roles = (accessToken: string, more = {}) =>
    ssoRoleCredentials({ ...lab().plan, ...more }, accessToken, lab().access());
  const token = () => String(lab().logIn()["accessToken"]);

  it("gives the role's credentials for an hour", async () => {
    const { expires, ...keys } = await roles(token());
    const session = lab().standIn.world.sessions.get(keys.accessKeyId);
    assert.equal(keys.sessionToken, session?.sessionToken);
    assert.ok(Math.abs(expires - lab().clock() - 3_600_000) < 30_000);
    assert.deepEqual(lab().standIn.calls.at(-1)?.parameters, {
      role_name: "Dev",
      account_id: "111122223333",
    });
  });

  it("says that a session is over", async () => {
    await assert.rejects(roles("canary"), {
      code: "sso-session-expired",
      exit: 2,
      message:
        "The IAM Identity Center (sso-session lab) session has ended: Session token not found or invalid.",
      hint: "Run `kubectl vouch login --profile dev`.",
    });
  });

  it("says that a role is not assigned", async () => {
    await assert.rejects(roles(token(), { role: "Admin" }), {
      code: "sso-role-denied",
      exit: 5,
      message:
        "IAM Identity Center (sso-session lab) does not grant you the permission set Admin in account 111122223333: No access.",
      hint: "Ask an IAM Identity Center admin to assign it to you, or log in as a different user: `kubectl vouch login --profile dev --force`",
    });
  });

  it("is asked again where it could not answer", async () => {
    const accessToken = token();
    lab().standIn.faults.fail = 1;
    assert.match((await roles(accessToken)).accessKeyId, /^ASIA/);
  });

  const expiration = (offsetMs: number) => Date.now() + offsetMs;
  for (const [what, status, body] of [
    ["with a page", 200, "<html>hotel</html>"],
    ["without credentials", 200, "{}"],
    ["with credentials that never end", 200, { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" }],
    [
      "with an end that is no number",
      200,
      { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c", expiration: "soon" },
    ],
    [
      "without a session token",
      200,
      { accessKeyId: "a", secretAccessKey: "b", expiration: expiration(60_000) },
    ],
    [
      "with credentials that have ended",
      200,
      { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c", expiration: expiration(-1) },
    ],
    ["with a redirect", 302, "{}"],
  ] as const)
    it(`is not believed when it answers ${what}`, async () => {
      const accessToken = token();
      const text = typeof body === "string" ? body : JSON.stringify({ roleCredentials: body });
      lab().standIn.faults.takeover = (_request, response) => {
        response.writeHead(status, { location: "https://evil.example/" }).end(text);
        return true;
      };
      try {
        await assert.rejects(roles(accessToken), { code: "aws-failed", exit: 4 });
      } finally {
        lab().standIn.faults.takeover = undefined;
      }
    });

  it("cannot print what it says, nor what it repeats of us", async () => {
    const accessToken = `canary${"x".repeat(200)}`;
    lab().standIn.faults.takeover = (_request, response) => {
      const message = `\u001b]0;x\u0007 ${accessToken}`;
      response.writeHead(401, { "x-amzn-errortype": "X:http://y" }).end(JSON.stringify({ message }));
      return true;
    };
    try {
      await assert.rejects(roles(accessToken), ({ message }: Error) => {
        assert.ok(!message.includes("canary") && !message.includes("\u001b"), message);
        return true;
      });
    } finally {
      lab().standIn.faults.takeover = undefined;
    }
  });

  describe("lists", () => {
    const account = { id: "111122223333", name: "lab" };
    const accounts = (accessToken: string) => ssoAccounts(lab().plan, accessToken, lab().access());
    const accountRoles = (accessToken: string, of = account) =>
      ssoAccountRoles(lab().plan, of, accessToken, lab().access());

    it("the accounts of the user, and the roles in each", async () => {
      const accessToken = token();
      assert.deepEqual(await accounts(accessToken), [{ id: "111122223333", name: "lab-111122223333" }]);
      assert.deepEqual(await accountRoles(accessToken), ["Dev"]);
      await assert.rejects(accountRoles(accessToken, { id: "000000000000", name: "x" }), {
        code: "aws-denied",
      });
      for (const list of [accounts, accountRoles])
        await assert.rejects(list("canary"), { code: "sso-session-expired", exit: 2 });
    });

    const strange: Readonly<Record<string, string>> = {
      "a page of somebody else": "<html>hotel</html>",
      "no list": "{}",
      "an item without an account and a role": '{"accountList":[{}],"roleList":[{}]}',
      "an account that is none": '{"accountList":[{"accountId":"1111"}],"roleList":["Dev"]}',
      "a role that is none":
        '{"accountList":[{"accountId":"111122223333]"}],"roleList":[{"roleName":"x\\nregion = y"}]}',
      "the same next page for ever": '{"accountList":[],"roleList":[],"nextToken":"x"}',
    };
    for (const [what, body] of Object.entries(strange))
      it(`are not believed when they are ${what}`, async () => {
        const accessToken = token();
        lab().standIn.faults.takeover = (_request, response) => {
          response.end(body);
          return true;
        };
        for (const list of [accounts, accountRoles])
          await assert.rejects(list(accessToken), ({ code }: { code?: string }) =>
            ["aws-failed", "server-answer-invalid"].includes(code ?? ""),
          );
      });

    it("call an account whose name cannot be shown by its ID", async () => {
      const accessToken = token();
      lab().standIn.faults.takeover = (_request, response) => {
        const named = ["\u001b", undefined, "Prod"].map((accountName) => ({
          accountId: "111122223333",
          accountName,
        }));
        response.end(JSON.stringify({ accountList: named }));
        return true;
      };
      const names = (await accounts(accessToken)).map(({ name }) => name);
      assert.deepEqual(names, ["111122223333", "111122223333", "Prod"]);
    });
  });

  it("ends a session with all its tokens; one that is over already is no failure", async () => {
    const accessToken = token();
    const { region } = lab().plan;
    await portalLogout({ region, accessToken }, lab().access());
    assert.deepEqual(lab().center.sessions, []);
    await assert.rejects(roles(accessToken), { code: "sso-session-expired" });
    await portalLogout({ region, accessToken }, lab().access());
  });
});
