import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import path from "node:path";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { type DoctorEvidence, knownValue, type SourceFile } from "../../../../doctor/evidence/evidence.ts";
import { redactEvidence } from "../../../../doctor/evidence/redact.ts";
import { awsConfig, healthyProfileBundle, SSO_CONFIG } from "../../support/bundle.ts";

const START = "https://payroll-hr.awsapps.com/start";
const SESSION = "arn:aws:iam::777788889999:user/turing";

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");

/** A context by a profile whose session lies in this file. */
function withFile(config: string, kind: SourceFile["kind"], file: string): DoctorEvidence {
  return healthyProfileBundle({
    ...awsConfig(config),
    sourceFiles: [{ kind, path: file, state: "absent" }],
    question: { exitCode: 1, stderr: `There is no ${file}.` },
  });
}

const ROLE = "sso_account_id = 777788889999\nsso_role_name = Dev\n";
const CASES = {
  "a start URL": withFile(
    `[profile dev]\nsso_start_url = ${START}\nsso_region = eu-west-1\n${ROLE}`,
    "sso",
    `/home/ada/.aws/sso/cache/${hash("sha1", START)}.json`,
  ),
  "a session": withFile(SSO_CONFIG, "sso", `/home/ada/.aws/sso/cache/${hash("sha1", "corp")}.json`),
  "a login": withFile(
    `[profile dev]\nlogin_session = ${SESSION}\n`,
    "login",
    `C:\\Users\\ada\\.aws\\login\\cache\\${hash("sha256", SESSION)}.json`,
  ),
};

describe("a redacted bundle, where files are named by hashes of names", () => {
  for (const [what, bundle] of Object.entries(CASES))
    it(`still has the file of ${what} that the context needs`, () => {
      const redacted = redactEvidence(bundle, { names: true });
      const [needed] = deriveFacts(redacted).neededFiles ?? [];
      const [found] = knownValue(redacted.sourceFiles) ?? [];
      assert.equal(path.win32.basename(found?.path ?? ""), needed?.name);
    });

  it("holds no hash of a name that it does not hold itself", () => {
    const role = hash("sha1", '{"RoleArn": "arn:aws:iam::777788889999:role/Dev"}');
    const told = {
      ...CASES["a start URL"],
      excerpts: ["rbac"] as const,
      fixAttempts: [{ command: "ls", stderr: `.aws/cli/cache/${role}.json` }],
    };
    for (const [bundle, secret] of [
      [CASES["a start URL"], hash("sha1", START)],
      [CASES["a login"], hash("sha256", SESSION)],
      [told, role],
    ] as const) {
      assert.ok(JSON.stringify(bundle).includes(secret));
      assert.equal(JSON.stringify(redactEvidence(bundle, { names: true })).includes(secret), false);
    }
  });
});

describe("a redacted bundle with YAML that is not read", () => {
  const deep = `note: canary\na: ${"[".repeat(300)}`;

  it("has why, instead of what could not be masked", () => {
    const bundle: DoctorEvidence = {
      ...healthyProfileBundle({ awsAuth: deep }),
      kubeconfig: { files: [{ path: "/k", text: deep }], kuberc: { path: "/r", text: deep } },
      client: { name: "helm", configuration: deep, files: [{ path: "/v", text: deep }] },
    };
    for (const names of [false, true]) {
      const { awsAuth, kubeconfig, client } = redactEvidence(bundle, { names });
      const why = "Cannot read the YAML: it is nested too deeply.";
      const left = { text: `# left out: ${why}\n` };
      assert.deepEqual(awsAuth, { failed: why });
      assert.deepEqual(kubeconfig, {
        files: [{ path: "/k", failed: why }],
        kuberc: { path: "/r", ...left },
      });
      assert.deepEqual(client, {
        name: "helm",
        configuration: left.text,
        files: [{ path: "/v", ...left }],
      });
    }
  });
});
