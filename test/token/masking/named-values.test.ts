import assert from "node:assert/strict";
import { maskText } from "../../../token/masking/mask-text.ts";

const CANARY = "canary-secret";

const SECRETS: Readonly<Record<string, string>> = {
  "a property list": "<key>AWS_SECRET_ACCESS_KEY</key><string>%</string>",
  "a property list in lines":
    "<dict>\n\t<key>GITHUB_TOKEN</key>\n\t<string>%</string>\n\t<key>KeyData</key>\n\t<data>QUJD</data>\n</dict>",
  "an element of XML": '<server id="x"><username>ada</username><password>%</password></server>',
  "an element of XML with attributes and lines": '<privateKey encoding="pem">\n  %\n  %\n</privateKey>',
  "the environment of an IDE's run configuration": '<env name="DB_PASSWORD" value="%" />',
  "an option of an IDE": "<option name='apiKey' value='%'/>",
  "a variable of a manifest": "- name: DB_PASSWORD\n  value: '%'",
  "a variable of JSON": '{"name": "GITHUB_TOKEN", "value": "%"}',
  "fish's variable": "set -gx AWS_SESSION_TOKEN %\nset -x GITHUB_TOKEN '%'",
  "Docker's variable": 'ENV AWS_SECRET_ACCESS_KEY %\nENV DB_PASSWORD "%"',
  "csh's, launchd's and Windows' variable":
    "setenv GITHUB_TOKEN %\nlaunchctl setenv DB_PASSWORD %\nsetx AWS_SESSION_TOKEN %",
  "the AWS CLI's setting":
    "aws configure set aws_secret_access_key %\naws configure set profile.dev.aws_session_token %",
  netrc: "machine vouch.sh login ada password %",
  "a map and a list below comments":
    'secrets:\n  # two\n  a: "%"\n  # more\n  b: "%"\ntokens:\n  # one\n  - "%"\n  # two\n  - "%"',
  "a short name that begins its line": 'db:\n  pass: "%"',
  "a Secret that is commented out": '# kind: Secret\n# data:\n#   a: "%"\n#   b: "%"',
  "a Secret of JSON that is quoted": '> {\n>   "kind": "Secret",\n>   "data": {\n>     "a": "%"\n>   }\n> }',
  "a Secret in comments of a program":
    '// {\n//   "kind": "Secret",\n//   "stringData": {\n//     "a": "%"\n//   }\n// }',
};

const KEPT: readonly string[] = [
  `PASSWORD=\${DB_PASSWORD:-\${OTHER}}`,
  `password: \${DB_PASSWORD:-}`,
  "password: {{ .Values.password | default .Values.other }}",
  "These tests pass: 12",
  "# kind: ConfigMap\n# data:\n#   a: b",
  "<key>AWS_PROFILE</key><string>dev</string>",
  "<key>TokenFile</key><string>/run/token</string>",
  "<key>Token</key><true/>",
  `<password>\${env.PASSWORD}</password>`,
  '<env name="AWS_PROFILE" value="dev" />',
  "<a> <b <token",
  "- name: AWS_PROFILE\n  value: dev\n",
  "set -e\ntokens are for kubectl",
  "set -gx AWS_PROFILE dev",
  "ENV PATH /usr/bin",
  `ENV GITHUB_TOKEN $GITHUB_TOKEN`,
  "aws configure set region eu-west-1",
  "the login needs a password",
];

describe("values that only stand beside the name of a secret", () => {
  for (const [what, text] of Object.entries(SECRETS)) {
    it(`are hidden in ${what}, line for line`, () => {
      const masked = maskText(text.replaceAll("%", CANARY));
      assert.equal(masked, text.replaceAll("%", "***"));
      assert.equal(maskText(masked), masked);
    });
  }

  it("are hidden in the default of a variable", () => {
    for (const [text, masked] of [
      [`PASSWORD=\${DB_PASSWORD:-${CANARY}}`, "PASSWORD=***"],
      [`export TOKEN="\${TOKEN-${CANARY}}"`, 'export TOKEN="***"'],
      [`password: \${P:=${CANARY}}`, 'password: "***"'],
      [`PASSWORD=\${A:-\${B:-${CANARY}}}`, "PASSWORD=***"],
      [`PASSWORD=\${A:- ${CANARY}}`, "PASSWORD=***"],
      [`password: {{ .Values.p | default "${CANARY}" }}`, 'password: {{ *** *** *** "***" }}'],
    ] as const)
      assert.equal(maskText(text), masked);
  });

  it("are hidden beside comments, and so are secrets in these", () => {
    for (const [text, masked] of [
      [`password: # why\n  ${CANARY}`, "password: # why\n  ***"],
      [`password: |  # why\n  ${CANARY}`, "password: |  # why\n  ***"],
      [`password: # ${CANARY}\nother: y`, 'password: "***"\nother: y'],
      [`password:\n  # token: ${CANARY}\n  ${CANARY}`, 'password:\n  # token: "***"\n  ***'],
      [`tokens:\n# one\n- ${CANARY}\n# two\n- ${CANARY}`, 'tokens:\n# one\n- "***"\n# two\n- "***"'],
    ] as const)
      assert.equal(maskText(text), masked);
    for (const text of [
      `tokens:\n  - a\n  # password: ${CANARY}\n  - ${CANARY}`,
      `tokens:\n  - a\n  # - ${CANARY}\n`,
      `secrets:\n  web: x\n  # db: ${CANARY}\n  # token=${CANARY}\n`,
    ])
      assert.ok(!maskText(text).includes(CANARY), text);
  });

  for (const text of KEPT) {
    it(`are left alone in ${JSON.stringify(text)}`, () => assert.equal(maskText(text), text));
  }
});
