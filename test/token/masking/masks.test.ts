import assert from "node:assert/strict";
import { parse } from "yaml";
import { maskAwsFile, maskVariable } from "../../../token/masking/mask-arguments.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";
import { maskText } from "../../../token/masking/mask-text.ts";

const CANARY = "CANARY-secret-that-opens-nothing";

describe("maskKubeconfig", () => {
  it("leaves what kubectl's preferences allow, which is no secret", () => {
    const kuberc = `kind: Preference
credentialPluginPolicy: Allowlist
credentialPluginAllowlist:
- command: /usr/local/bin/aws
`;
    assert.equal(maskKubeconfig(kuberc), kuberc);
  });

  it("hides tokens, passwords and keys, and keeps all else as it is", () => {
    const text = `apiVersion: v1
users:
# token: ${CANARY}
- name: a
  user:
    token: ${CANARY}
    client-key-data: ${CANARY}
- name: b
  user: {username: ada, password: '${CANARY}'}
- name: c
  user:
    auth-provider:
      config:
        id-token: >-
          ${CANARY}
          ${CANARY}
        client-id: vouch
`;
    const masked = maskKubeconfig(text);
    assert.equal(masked.includes(CANARY), false);
    assert.deepEqual(parse(masked), {
      apiVersion: "v1",
      users: [
        { name: "a", user: { token: "***", "client-key-data": "***" } },
        { name: "b", user: { username: "ada", password: "***" } },
        { name: "c", user: { "auth-provider": { config: { "id-token": "*** ***", "client-id": "vouch" } } } },
      ],
    });
  });

  it("hides secret variables of exec.env, and no others", () => {
    const env = [
      { name: "AWS_PROFILE", value: "dev" },
      { name: "AWS_SESSION_TOKEN", value: CANARY },
      { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/token" },
    ];
    const masked = maskKubeconfig(JSON.stringify({ users: [{ name: "a", user: { exec: { env } } }] }));
    assert.deepEqual(JSON.parse(masked).users[0].user.exec.env, [
      { name: "AWS_PROFILE", value: "dev" },
      { name: "AWS_SESSION_TOKEN", value: "***" },
      { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/token" },
    ]);
  });

  it("shows no secret of a file that is broken", () => {
    const masked = maskKubeconfig(`users:\n- name: a\n   user:\n    token: ${CANARY}\n  : [\n`);
    assert.equal(masked, 'users:\n- name: a\n   user:\n    token: "***"\n  : [\n');
  });
});

describe("maskAwsFile", () => {
  it("hides keys and session tokens, and keeps what says where credentials come from", () => {
    const text = `[default]
aws_access_key_id = AKIAEXAMPLEEXAMPLE12
aws_secret_access_key = ${CANARY}
# aws_session_token=${CANARY}
credential_process = /usr/bin/helper --token-file x
web_identity_token_file = /var/token
`;
    assert.equal(maskAwsFile(text), text.replace(`= ${CANARY}`, "= ***").replace(`=${CANARY}`, "=***"));
  });
});

describe("maskVariable", () => {
  const cases: readonly (readonly [name: string, value: string, masked: string])[] = [
    ["AWS_SECRET_ACCESS_KEY", CANARY, "***"],
    ["AWS_SESSION_TOKEN", CANARY, "***"],
    ["AWS_SESSION_TOKEN", "", ""],
    ["AWS_CONTAINER_AUTHORIZATION_TOKEN", CANARY, "***"],
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", `/v2/credentials/${CANARY}`, "***"],
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1", "http://169.254.170.23/v1"],
    ["AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token", "/var/token"],
    ["AWS_SHARED_CREDENTIALS_FILE", "/etc/aws", "/etc/aws"],
    ["AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE12", "AKIAEXAMPLEEXAMPLE12"],
    ["HTTPS_PROXY", `http://ada:${CANARY}@proxy:3128`, "http://***@proxy:3128"],
  ];
  for (const [name, value, masked] of cases) {
    it(`makes ${masked || "nothing"} of ${name}`, () => {
      assert.equal(maskVariable(name, value), masked);
    });
  }
});

describe("maskText", () => {
  it("hides tokens, signatures and web tokens", () => {
    const said = [
      `token k8s-aws-v1.${CANARY}`,
      `https://sts.amazonaws.com/?X-Amz-Signature=${CANARY}&X-Amz-Security-Token=${CANARY}&Action=x`,
      `http://169.254.170.2/v2/credentials/${CANARY} answered 404`,
      `Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.${CANARY}`,
      `{"SecretAccessKey": "${CANARY}", "SessionToken": "${CANARY}"}`,
      "An error occurred (AccessDenied): arn:aws:sts::111122223333:assumed-role/Dev/ada",
    ];
    assert.deepEqual(maskText(said.join("\n")).split("\n"), [
      "token k8s-aws-v1.***",
      "https://sts.amazonaws.com/?X-Amz-Signature=***&X-Amz-Security-Token=***&Action=x",
      "http://169.254.170.2/*** answered 404",
      "Bearer ***",
      '{"SecretAccessKey": "***", "SessionToken": "***"}',
      said[5],
    ]);
  });
});
