import assert from "node:assert/strict";
import fs from "node:fs";
import { withoutDebugLines } from "../../token/debug.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, startLab } from "../lab/lab.ts";
import { execInfoFor } from "../support/cluster-infos.ts";
import type { CommandResult } from "../support/run-command.ts";
import { CONTEXT, type LabPerson, labPerson, succeeded } from "./lab-person.ts";

const EKS = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
const TOKEN = ["credential", "eks", ...EKS];

describe("--debug in the lab", () => {
  let person: LabPerson;
  before(async () => {
    person = labPerson(await startLab());
  });
  after(() => person?.lab.close());

  /** Each line must be there, in this order; what changes from run to run is a pattern. */
  const says = ({ stderr }: CommandResult, lines: readonly RegExp[]) => {
    let rest = stderr;
    for (const line of lines) {
      const found = new RegExp(`^debug \\+\\d+\\.\\d{3}s ${line.source}$`, "m").exec(rest);
      assert.ok(found, `there is no ${line} in what is left of\n${stderr}\nwhich is\n${rest}`);
      rest = rest.slice(found.index + found[0].length);
    }
  };
  /** As kubectl would: a parent of its own for each call. */
  const asKubectl = (words: readonly string[], env: Readonly<Record<string, string>>) => {
    const command = ["sh", "-c", '"$@"; exit $?', "sh", "kubectl-vouch", ...words];
    return person.run(command, { env: { KUBERNETES_EXEC_INFO: execInfoFor(undefined), ...env } });
  };

  it("follows a login through the security key's steps", async () => {
    const words = ["login", "--pin-stdin", "--key-store", "file", "--debug"];
    const login = await person.vouch(words, { stdin: `${LAB_PIN}\n` });
    succeeded(login);
    says(login, [
      /command login: .*pin-stdin=true.*/,
      /server https:\/\/localhost:\d+ \(from VOUCH_SERVER\)/,
      /key store: files in ~\/.*/,
      /POST https:\/\/localhost:\d+\/oauth\/fido2\/challenge → 200 in \d+ ms/,
      /security keys: Yubico .* at \/dev\/hidraw0/,
      /security key: getInfo → ok in \d+ ms/,
      /security key: PIN protocol 2, 8 PIN attempts left/,
      /security key: waiting for a touch/,
      /security key: getAssertion → ok in \d+ ms/,
      /POST https:\/\/localhost:\d+\/oauth\/token → 200 in \d+ ms/,
      /wrote ~\/\.local\/state\/kubectl-vouch\/current\.json \(\d+ B\)/,
    ]);
  });

  it("says why a token is fetched, and from whom", async () => {
    await person.setUp();
    await person.clearCache();
    const cold = await asKubectl([...TOKEN, "--debug"], {});
    says(cold, [
      /role arn:aws:iam::111122223333:role\/VouchDeveloper \(from flag --role\)/,
      /region us-east-1 \(from flag --region\)/,
      /cluster lab: the client does not name it; setup recorded .*: accepted/,
      /session [\w-]+ of ada@example\.com at https:\S+, until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S*/,
      /token cache: miss, no token is cached for this call/,
      /AWS credentials for arn:\S+: none are cached/,
      /GET https:\/\/localhost:\d+\/v1\/credentials\/aws\/token → 200 in \d+ ms/,
      /POST https:\/\/127\.0\.0\.1:\d+\/ AssumeRoleWithWebIdentity → 200 in \d+ ms/,
      /token signed for lab at sts\.us-east-1\.amazonaws\.com, valid for \d+ s/,
      /wrote \S+\/token-\w+\.json \(\d\.\d kB\)/,
    ]);
    assert.equal(withoutDebugLines(cold.stderr), "");
    assert.equal((JSON.parse(succeeded(cold)) as { kind: string }).kind, "ExecCredential");
  });

  it("says why a token comes from the cache, and gives the very same", async () => {
    const warm = await asKubectl(TOKEN, {});
    const told = await asKubectl(TOKEN, { VOUCH_DEBUG: "1" });
    says(told, [/token cache: hit, valid for \d+ s/]);
    assert.equal(succeeded(told), succeeded(warm));
    assert.equal(warm.stderr, "");
  });

  it("shows the doctor's probes, the programs that it runs and what each rule says", async () => {
    const doctor = await person.vouch(["doctor", "--context", CONTEXT, "--debug"]);
    succeeded(doctor);
    says(doctor, [/read ~\/\.kube\/config \(\d\.\d kB\)/, /probe kubeconfig → gathered in \d+ ms/]);
    says(doctor, [/run \S*kubectl-vouch credential eks .* → exit 0 in \d+ ms/, /probe pluginRun → .*/]);
    says(doctor, [/POST https:\S+\/selfsubjectreviews → 201 in \d+ ms/]);
    says(doctor, [/probe role → failed in \d+ ms: AccessDenied: .*/]);
    says(doctor, [/rule kubeconfig-current-context: passed/]);
  });

  it("is not taken for what the credential plugin says", async () => {
    const kubectl = { env: { VOUCH_DEBUG: "1" } };
    const file = `${person.folder}/case.json`;
    succeeded(await person.vouch(["doctor", "--context", CONTEXT, "--save", file], kubectl));
    const { pluginRun } = JSON.parse(fs.readFileSync(file, "utf8")) as { pluginRun: { stderr: string } };
    assert.equal(pluginRun.stderr, "");
  });
});
