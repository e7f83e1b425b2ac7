import assert from "node:assert/strict";
import { awsFileLines } from "../../../doctor/evidence/aws-file-lines.ts";
import { redactEvidence } from "../../../doctor/evidence/redact.ts";
import { maskAwsFile } from "../../../token/masking/mask-arguments.ts";
import { randomNumbers } from "../../support/mutations.ts";
import { healthyProfileBundle } from "../support/bundle.ts";

/** Lines of files that a kubeconfig could name as an AWS config: none of them is AWS's. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  "a diary": [
    "Dear diary,",
    "  master phrase: correct horse battery staple",
    "# 12 May: ate alone",
    "",
    "pass=tr0ub4dor",
  ],
  "a shell history": [
    "mysql -uroot -ptr0ub4dor",
    "sshpass -p letmein9 ssh x",
    "export DB=postgres://u:p@h",
    ": 1699:0;ls",
  ],
  "/etc/passwd": ["root:x:0:0:root:/root:/bin/bash", "ada:x:1000:1000:Ada,,,:/home/ada:/bin/zsh"],
  "a git config": ["[user]", "\tname = Ada", "\temail = ada@example.com", "[credential]", "\thelper = store"],
  "a MySQL client's file": ["[client]", "user=root", "password=tr0ub4dor", "host: db.example.com"],
  "a .netrc": ["machine api.example.com", "  login ada", "  password tr0ub4dor"],
  "a .env": ["DATABASE_URL=postgres://u:p@h/db", "STRIPE_KEY=sk_live_x", "export NAME='ada'"],
  "an SSH config": ["Host bastion", "  HostName 10.0.0.1", "  User ada", "  IdentityFile ~/.ssh/id"],
  "a systemd unit": [
    "[Unit]",
    "Description=Backup",
    "[Service]",
    "Environment=PW=tr0ub4dor",
    "ExecStart=/x --pw y",
  ],
  "a JSON file": ['{"auths": {', '  "registry.example.com": {"auth": "YWRhOnB3"}', "}}"],
  "a private key": [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "b3BlbnNzaC1rZXktdjE=",
    "-----END OPENSSH PRIVATE KEY-----",
  ],
  "a kubeconfig": ["users:", "- name: a", "  user: {token: canary}", "contexts: []"],
};

const FILES = 400;

/** Files of lines of one kind, or of several kinds mixed. */
function* foreignFiles(): Generator<string> {
  const below = randomNumbers(20_261_130);
  const kinds = Object.values(FOREIGN);
  for (let file = 0; file < FILES; file += 1) {
    const own = kinds[file % kinds.length] ?? [];
    const lines = file < FILES / 2 ? own : kinds.flat();
    const length = 1 + below(40);
    yield Array.from({ length }, () => lines[below(lines.length)]).join(below(4) === 0 ? "\r\n" : "\n");
  }
}

describe("what is saved of a file that should be an AWS config", () => {
  it("is nothing of a foreign file", () => {
    for (const text of foreignFiles()) {
      const kept = awsFileLines(text)
        .split("\n")
        .filter((line) => !["", "#", "***"].includes(line.trim()));
      assert.deepEqual(kept, [], text);
    }
  });

  it("is every setting of AWS, in its line", () => {
    const text = `# mine: canary
[default]
region = eu-west-1
[profile dev]
sso_session = corp
nickname = canary
s3 =
  addressing_style = path
[ops]
role_arn = arn:aws:iam::111122223333:role/Ops
aws_secret_acces_key = canary
[sso-session corp]
no setting
`;
    const kept = text
      .replace("# mine: canary", "#")
      .replace("nickname = canary", "#")
      .replace("no setting", "***");
    assert.equal(awsFileLines(text), kept);
    assert.doesNotMatch(maskAwsFile(kept), /canary/);
  });

  it("is as little in a bundle that somebody else has made", () => {
    const text = "[client]\npassword=canary\nDear diary, canary\n";
    const bundle = healthyProfileBundle({
      awsConfig: { path: "/x", text },
      awsCredentials: { path: "/y", text },
    });
    const { awsConfig, awsCredentials } = redactEvidence(bundle, { names: false });
    assert.doesNotMatch(JSON.stringify([awsConfig, awsCredentials]), /canary|diary|client/);
  });
});
