import assert from "node:assert/strict";
import { maskAwsFile } from "../../../token/masking/mask-aws-file.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";
import { maskText } from "../../../token/masking/mask-text.ts";

describe("maskKubeconfig", () => {
  it("hides secrets however they are written, line for line, and nothing else", () => {
    const text = `shared: &t canary-0 # anchor
users:
- name: a # token: canary-1
  user:
    token: canary-2 # keep
    password: "canary-3"
    client-certificate-data: LS0tPUBLIC
    client-key-data: >-
      canary-4
        canary-4b
    auth-provider: {name: oidc, config: {id-token: canary-5, "refresh-token":'canary-6', client-id: me}}
- name: b
  user: {token: *t, tokenFile: /path}
- name: c
  user:
    exec:
      command: x
      env:
      - name: AWS_SECRET_ACCESS_KEY
        value: canary-7
      - {value: canary-8, name: API_TOKEN}
      - name: AWS_PROFILE
        value: dev
    # password: canary-9
    password: |
      canary-10
`;
    const masked = maskKubeconfig(text);
    assert.equal(
      masked,
      `shared: &t "***" # anchor
users:
- name: a # token: "***"
  user:
    token: "***" # keep
    password: "***"
    client-certificate-data: LS0tPUBLIC
    client-key-data: >-
      ***
        ***
    auth-provider: {name: oidc, config: {id-token: "***", "refresh-token":"***", client-id: me}}
- name: b
  user: {token: *t, tokenFile: /path}
- name: c
  user:
    exec:
      command: x
      env:
      - name: AWS_SECRET_ACCESS_KEY
        value: "***"
      - {value: "***", name: API_TOKEN}
      - name: AWS_PROFILE
        value: dev
    # password: "***"
    password: |
      ***
`,
    );
  });

  it("leaves an empty file and an empty secret", () => {
    assert.equal(maskKubeconfig(""), "");
    assert.equal(
      maskKubeconfig("users:\n- name: a\n  user: {token: }\n"),
      "users:\n- name: a\n  user: {token: }\n",
    );
  });
});

describe("maskAwsFile", () => {
  it("hides keys and tokens, and shows what is no secret", () => {
    const text =
      '[default]\r\naws_access_key_id = AKIAEXAMPLE\r\naws_secret_access_key = canary-1 # c\r\n; aws_session_token = canary-2\r\n# aws_session_token = canary-3\r\ncredential_process = "/x/kubectl-vouch" credential aws --role r\r\n';
    assert.equal(
      maskAwsFile(text),
      '[default]\r\naws_access_key_id = AKIAEXAMPLE\r\naws_secret_access_key = ***\r\n; aws_session_token = ***\r\n# aws_session_token = ***\r\ncredential_process = "/x/kubectl-vouch" credential aws --role r\r\n',
    );
  });
});

describe("a word of megabytes", () => {
  // V8's regular expressions throw at words of some eight million characters.
  for (const part of ["a", "A1b2", "eyJ"]) {
    it(`of ${part} is hidden, and what stands around it is read`, () => {
      const giant = part.repeat(Math.ceil(9_000_000 / part.length));
      assert.equal(maskText(`before ${giant} after\nlast`), "before *** after\nlast");
    });
  }
});
