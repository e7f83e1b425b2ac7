import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readVouchProcess, vouchProcessLine } from "../../../token/aws/vouch-process.ts";
import { onPosix } from "../../support/platform.ts";

const ROLE = "arn:aws:iam::111122223333:role/Dev";
const HUB = "arn:aws-us-gov:iam::999988887777:role/team/Hub";
const plain = { role: ROLE, via: [], server: undefined, account: undefined };

describe("readVouchProcess", () => {
  const known: Record<string, [string, object]> = {
    "our name": [`kubectl-vouch credential aws --role ${ROLE}`, { by: "kubectl-vouch", ...plain }],
    "our path in quotes": [
      `"/opt/a b/kubectl-vouch" credential aws --role '${ROLE}'`,
      { by: "kubectl-vouch", ...plain },
    ],
    "ours beside a flag that every object inherits": [
      `kubectl-vouch credential aws --constructor x --role ${ROLE}`,
      { by: "kubectl-vouch", ...plain },
    ],
    "ours with debug lines": [
      `kubectl-vouch credential aws --debug --role ${ROLE}`,
      { by: "kubectl-vouch", ...plain },
    ],
    "our path with an escaped space": [
      `/opt/a\\ b/kubectl-vouch credential aws --role ${ROLE}`,
      { by: "kubectl-vouch", ...plain },
    ],
    "a Windows path": [
      `"C:\\Program Files\\Vouch\\kubectl-vouch.EXE" credential aws --role=${ROLE}`,
      { by: "kubectl-vouch", ...plain },
    ],
    "a Windows path without quotes": [
      `C:\\Tools\\kubectl-vouch.exe credential aws --role ${ROLE}`,
      { by: "kubectl-vouch", ...plain },
    ],
    "the plugin through kubectl": [
      `kubectl vouch credential aws --role ${ROLE}`,
      { by: "kubectl-vouch", ...plain },
    ],
    "upstream's": [
      `/usr/bin/vouch credential aws --role ${ROLE} --via ${HUB}`,
      { by: "vouch", ...plain, via: [HUB] },
    ],
    "all flags": [
      `kubectl-vouch credential aws --via ${HUB} --via ${ROLE} --server https://v --account ada@example.com --role ${ROLE}`,
      { by: "kubectl-vouch", role: ROLE, via: [HUB, ROLE], server: "https://v", account: "ada@example.com" },
    ],
  };
  for (const [what, [line, expected]] of Object.entries(known))
    it(`knows ${what}`, () => assert.deepEqual(readVouchProcess(line), expected));

  const unknown: Record<string, string> = {
    "another program": `/bin/other credential aws --role ${ROLE}`,
    "a program that only sounds like us": `not-kubectl-vouch credential aws --role ${ROLE}`,
    "another command of ours": "kubectl-vouch credential eks --cluster-name lab",
    "no role": "vouch credential aws --idc-application a --account 1 --permission-set p",
    "a quote that is not closed": `"kubectl-vouch credential aws --role ${ROLE}`,
    nothing: "",
  };
  for (const [what, line] of Object.entries(unknown))
    it(`does not take ${what} for ours`, () => assert.equal(readVouchProcess(line), undefined));
});

describe("vouchProcessLine", () => {
  const call = { role: ROLE, via: [HUB], server: "https://us.vouch.sh", account: "ada@example.com" };
  const args = [
    "credential",
    "aws",
    "--role",
    ROLE,
    "--via",
    HUB,
    "--server",
    "https://us.vouch.sh",
    "--account",
    "ada@example.com",
  ];

  for (const command of [
    "kubectl-vouch",
    "/usr/local/bin/kubectl-vouch",
    "/home/o'brien/my tools (x86)/kubectl-vouch",
    "C:\\Program Files\\kubectl-vouch.exe",
  ]) {
    it(`writes ${command} so that it reads the same back`, () => {
      const line = vouchProcessLine({ command, ...call });
      assert.deepEqual(readVouchProcess(line ?? ""), { by: "kubectl-vouch", ...call });
    });
  }

  for (const command of ["kubectl-vouch", "/home/o'brien/my tools (x86)/kubectl-vouch"]) {
    onPosix("programs", `writes ${command} so that a shell takes it as meant`, () => {
      const line = vouchProcessLine({ command, ...call }) ?? "";
      const words = execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
        .trimEnd()
        .split("\n");
      assert.deepEqual(words, [command, ...args]);
    });
  }

  for (const command of [
    "/opt/$HOME/kubectl-vouch",
    "/opt/a #b/kubectl-vouch",
    "/opt/a ;b/x",
    '/opt/"/x',
    "/opt/`id`/x",
    "/opt/a\nb/x",
    "/opt/a\\b/x",
  ]) {
    it(`refuses ${JSON.stringify(command)}, which readers would take differently`, () => {
      assert.equal(vouchProcessLine({ command, ...call }), undefined);
    });
  }

  it("refuses an argument that a shell would read", () => {
    assert.equal(vouchProcessLine({ command: "kubectl-vouch", ...call, account: "a;b" }), undefined);
  });
});
