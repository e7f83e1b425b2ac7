import assert from "node:assert/strict";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { onPosix } from "../../../support/platform.ts";
import { CASE_GROUPS } from "./cases.ts";
import { planOfCase } from "./plan-of-case.ts";
import { planWords } from "./plan-words.ts";

const read = (config: string) =>
  readSharedFiles({ path: "/aws/config", text: config }, { path: "/aws/credentials", text: undefined });

describe("planOf", () => {
  for (const [group, cases] of Object.entries(CASE_GROUPS)) {
    describe(group, () => {
      for (const each of cases) {
        const { name, ours } = each;
        it(name, () => {
          if (typeof ours === "string") return assert.equal(planWords(planOfCase(each)), ours);
          const [code, says] = ours;
          assert.throws(
            () => planOfCase(each),
            (error) => {
              assert.ok(error instanceof VouchError, String(error));
              assert.deepEqual([error.code, error.message.includes(says)], [code, true], error.message);
              assert.equal(error.exit, 6);
              assert.match(error.hint, /`.+`/);
              assert.doesNotMatch(error.message + error.hint, /\bsecret\b/);
              return true;
            },
          );
        });
      }
    });
  }
});

describe("a plan", () => {
  const plan = (config: string, env = {}, profile = "a") =>
    planOf({ profile, region: "us-east-1" }, read(config), env);

  it("says what decided, and asks the STS of the question's region for each role", () => {
    const found = plan(
      "[profile a]\nregion = eu-west-1\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = s\nweb_identity_token_file = t\n",
    );
    assert.deepEqual(found, {
      kind: "assume-role",
      roleArn: "r",
      sessionName: undefined,
      usualName: "kubectl-vouch",
      externalId: undefined,
      durationSeconds: undefined,
      mfaSerial: undefined,
      region: "us-east-1",
      origin: { profile: "a", file: "/aws/config", line: 3 },
      source: {
        kind: "web-identity",
        tokenFile: "t",
        roleArn: "s",
        sessionName: "kubectl-vouch",
        region: "us-east-1",
        origin: { profile: "b", file: "/aws/config", line: 7 },
      },
    });
  });

  it("has the session token of keys and their end, and which file they are of", () => {
    const found = plan(
      "[profile a]\naws_access_key_id = C\naws_secret_access_key = s\naws_session_token = u\naws_security_token = t\nx_security_token_expires = e\n",
    );
    assert.deepEqual(found, {
      kind: "keys",
      from: "config",
      accessKeyId: "C",
      secretAccessKey: "s",
      sessionToken: "t",
      expires: "e",
      origin: { profile: "a", file: "/aws/config", line: 2 },
    });
  });

  it("has the session token of the environment and its end, and no token where it is empty", () => {
    const env = { AWS_ACCESS_KEY_ID: "E", AWS_SECRET_ACCESS_KEY: "s" };
    const found = (more: object) => {
      const keys = planOf({ profile: undefined, region: "r" }, read(""), { ...env, ...more });
      return keys.kind === "keys" ? [keys.from, keys.sessionToken, keys.expires] : [];
    };
    assert.deepEqual(found({ AWS_SESSION_TOKEN: "" }), ["environment", undefined, undefined]);
    assert.deepEqual(found({ AWS_SESSION_TOKEN: "t", AWS_CREDENTIAL_EXPIRATION: "e" }), [
      "environment",
      "t",
      "e",
    ]);
    assert.deepEqual(found({ AWS_SECURITY_TOKEN: "u", AWS_SESSION_TOKEN: "t" }), [
      "environment",
      "u",
      undefined,
    ]);
  });

  it("knows a process of ours, and the file of a token of Identity Center", () => {
    const ours = plan("[profile a]\ncredential_process = kubectl-vouch credential aws --role r\n");
    assert.deepEqual([ours.kind, ours.kind === "process" && ours.vouch?.role], ["process", "r"]);
    const sso = plan(
      "[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_session = corp\n[sso-session corp]\nsso_start_url = u\nsso_region = us-east-1\n",
    );
    assert.equal(sso.kind === "sso" && sso.tokenFile, "ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
  });

  for (const [where, config, line] of [
    [
      "a session",
      "[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_session = corp\n[sso-session corp]\nsso_start_url = u\nsso_region = foo bar\n",
      7,
    ],
    [
      "a profile",
      "[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_start_url = u\nsso_region = foo bar\n",
      5,
    ],
  ] as const)
    onPosix("shell", `says where the region of ${where} of Identity Center is none`, () =>
      assert.throws(() => plan(config), {
        code: "profile-invalid",
        message: `AWS profile a (/aws/config, line ${line}): sso_region is "foo bar", which is not an AWS region.`,
        hint: `Correct it: \`vi +${line} /aws/config\``,
      }),
    );

  it("takes the relative address of a container before the full one", () => {
    const env = {
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/r",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://f",
    };
    const found = planOf({ profile: undefined, region: "r" }, read(""), env);
    assert.deepEqual(found.kind === "container" && found.uri, { relative: "/r" });
  });

  it("ends at a chain that nobody has", () => {
    const chain = Array.from(
      { length: 15_000 },
      (_, at) => `[profile p${at}]\nrole_arn = r\nsource_profile = p${at + 1}\n`,
    );
    assert.throws(() => plan(chain.join(""), {}, "p0"), {
      code: "profile-invalid",
      message: /chain of roles is longer than 50/,
    });
  });
});
