import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import {
  awsConfig,
  awsExec,
  execBlock,
  healthyBundle,
  healthyProfileBundle,
  healthyVouchBundle,
  LOGIN_FILE,
  LOGIN_SESSION,
  ROLE_ARN,
  SSO_CONFIG,
  SSO_FILE,
} from "../../support/bundle.ts";

const AUTHENTICATOR = execBlock(
  "apiVersion: client.authentication.k8s.io/v1beta1\ncommand: aws-iam-authenticator\nargs: [token, -i, lab]\nenv: [{ name: AWS_PROFILE, value: dev }]\n",
);
const CHAIN = `[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = corp\n${SSO_CONFIG.replace("profile dev", "profile corp")}`;
const POD = { AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token", AWS_ROLE_ARN: ROLE_ARN };

const needed = (bundle: DoctorEvidence) => deriveFacts(bundle).neededFiles;
const nameOf = (path: string) => path.split("/").at(-1);

describe("neededFiles", () => {
  const sso = [{ kind: "sso", name: nameOf(SSO_FILE) }];

  it("are those of the profile in force, also at the end of a chain", () => {
    const login = awsConfig(`[profile dev]\nlogin_session = ${LOGIN_SESSION}\n`);
    assert.deepEqual(needed(healthyProfileBundle()), sso);
    assert.deepEqual(needed(healthyBundle(awsConfig(CHAIN))), sso);
    assert.deepEqual(needed(healthyProfileBundle(login)), [{ kind: "login", name: nameOf(LOGIN_FILE) }]);
  });

  it("are the token of a web identity by its path", () => {
    assert.deepEqual(needed(healthyBundle({ environment: POD, ...awsExec({}) })), [
      { kind: "web-identity", name: "/run/token" },
    ]);
  });

  it("are the AWS CLI's for aws-iam-authenticator, where that takes the same kind of source", () => {
    assert.deepEqual(needed(healthyBundle({ ...AUTHENTICATOR, ...awsConfig(SSO_CONFIG) })), sso);
  });

  it("are not known where aws-iam-authenticator takes another kind", () => {
    const changes = { ...AUTHENTICATOR, ...awsConfig(CHAIN), environment: POD };
    const { credentials, neededFiles } = deriveFacts(healthyBundle(changes));
    assert.deepEqual([credentials?.kind, neededFiles], ["web-identity", undefined]);
  });

  it("are none for keys, and not known for a Vouch session or a plugin of which nothing is known", () => {
    assert.deepEqual(needed(healthyBundle()), []);
    assert.equal(needed(healthyVouchBundle()), undefined);
  });
});
