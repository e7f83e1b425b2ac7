import assert from "node:assert/strict";
import { type AwsProfileWish, setUpAwsProfile } from "../../../plugin/setup/aws-setup.ts";

const ROLE = "arn:aws:iam::111122223333:role/Dev";
const OTHER = "arn:aws:iam::111122223333:role/Ops";

const setUp = (config: string | undefined, wish: Partial<AwsProfileWish> = {}, credentials?: string) => {
  const files = {
    config: { path: "/aws/config", text: config },
    credentials: { path: "/aws/credentials", text: credentials },
  };
  const { changes, ...result } = setUpAwsProfile(files, {
    role: ROLE,
    via: [],
    server: "https://us.vouch.sh",
    command: "kubectl-vouch",
    ...wish,
  });
  return { ...result, after: changes[0]?.after, changes };
};
const line = (role = ROLE, command = "kubectl-vouch") =>
  `credential_process = ${command} credential aws --role ${role} --server https://us.vouch.sh`;

describe("setUpAwsProfile", () => {
  it("makes a profile in a new file", () => {
    const { after, profile, status, changes } = setUp(undefined, { region: "eu-west-1" });
    assert.equal(after, `[profile vouch]\n${line()}\nregion = eu-west-1\noutput = json\n`);
    assert.deepEqual([profile, status], ["vouch", "added"]);
    assert.deepEqual(
      changes.map(({ kind, path, before, entries }) => ({ kind, path, before, entries })),
      [
        {
          kind: "aws-config",
          path: "/aws/config",
          before: undefined,
          entries: [{ section: "profile", name: "vouch" }],
        },
      ],
    );
  });

  it("says it all in the command: the way, the server, the person", () => {
    const { after } = setUp("", {
      via: [OTHER],
      account: "ada@example.com",
      command: "/opt/my tools/kubectl-vouch",
    });
    assert.equal(
      after?.split("\n")[1],
      `credential_process = "/opt/my tools/kubectl-vouch" credential aws --role ${ROLE} --via ${OTHER} --server https://us.vouch.sh --account ada@example.com`,
    );
  });

  it("counts on when a name is taken, also by keys", () => {
    const { profile } = setUp(`[profile vouch]\n${line(OTHER)}\n`, {}, "[vouch-2]\naws_access_key_id = x\n");
    assert.equal(profile, "vouch-3");
  });

  it("updates the profile that has the role, and keeps what else it says", () => {
    const text = `[default]\nregion = x\n\n# mine\n[profile work]\noutput = table\n${line(ROLE, "/old/kubectl-vouch")}\nregion = us-east-1 # home\ncli_pager =\n`;
    const { after, profile, status, was } = setUp(text, { region: "eu-west-1" });
    assert.equal(
      after,
      text.replace("/old/kubectl-vouch", "kubectl-vouch").replace("us-east-1 # home", "eu-west-1"),
    );
    assert.deepEqual([profile, status, was], ["work", "updated", "kubectl-vouch"]);
  });

  it("does nothing the second time", () => {
    const { after } = setUp(undefined);
    assert.deepEqual(setUp(after), {
      profile: "vouch",
      status: "unchanged",
      was: "kubectl-vouch",
      after: undefined,
      changes: [],
    });
  });

  it("leaves upstream's profile alone unless it is named", () => {
    const text = `[profile vouch]\ncredential_process = /usr/bin/vouch credential aws --role ${ROLE}\noutput = json\n`;
    assert.equal(setUp(text).profile, "vouch-2");
    const named = setUp(text, { profile: "vouch" });
    assert.deepEqual([named.after, named.was], [`[profile vouch]\n${line()}\noutput = json\n`, "vouch"]);
  });

  it("completes a named profile that has no credentials yet", () => {
    assert.equal(
      setUp("[profile dev]\nregion = x\n", { profile: "dev" }).after,
      `[profile dev]\nregion = x\n${line()}\noutput = json\n`,
    );
  });

  const taken: Record<string, [string, string | undefined, string]> = {
    "takes on a role": [
      "[profile dev]\nrole_arn = x\n",
      undefined,
      "Profile dev in /aws/config already gets its credentials from a different source (role_arn).",
    ],
    "signs in with Identity Center": [
      `[profile dev]\nsso_session = corp\n${line()}\n`,
      undefined,
      "Profile dev in /aws/config already gets its credentials from a different source (sso_session).",
    ],
    "runs another program": [
      "[profile dev]\ncredential_process = other\n",
      undefined,
      "Profile dev in /aws/config already gets its credentials from a different source (credential_process).",
    ],
    "has keys": [
      "",
      "[dev]\naws_access_key_id = x\n",
      "Profile dev has credentials in /aws/credentials, which would override those from Vouch.",
    ],
  };
  for (const [what, [config, credentials, message]] of Object.entries(taken)) {
    it(`refuses a named profile that ${what}`, () => {
      assert.throws(() => setUp(config, { profile: "dev" }, credentials), {
        code: "aws-config-invalid",
        message,
        hint: "Choose a different name, for example `--profile vouch`.",
      });
    });
  }

  it("refuses a name that not every SDK reads", () => {
    assert.throws(() => setUp("", { profile: "my dev" }), { code: "usage" });
    assert.throws(() => setUp("", { profile: "a]\n[b" }), { code: "usage" });
  });

  it("refuses a path of ours that not every SDK reads", () => {
    assert.throws(() => setUp("", { command: "/opt/$x/kubectl-vouch" }), { code: "config-invalid" });
  });

  it("refuses files it cannot read", () => {
    assert.throws(() => setUp("[default]\nbroken\n"), { code: "aws-config-invalid", message: /line 2/ });
    assert.throws(() => setUp("", {}, "broken"), {
      code: "aws-config-invalid",
      message: /^Cannot use \/aws\/credentials/,
    });
  });
});
