import type { DoctorEvidence, Observation } from "../../../../doctor/evidence/evidence.ts";
import { awsExec, healthyBundle, unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { connectError, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T3 = CLIENT_FAULTS.T3;
const SEEN = { command: "aws", resolved: "/opt/homebrew/bin/aws", executable: true };
const FOUND = { ...SEEN, resolvedForGui: null };
const environment = { HOME: "/home/ada", AWS_PROFILE: "dev" };

const ADA = { Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada" };
const BEN = { Arn: "arn:aws:sts::111122223333:assumed-role/Admin/ben" };
const SHELL = {
  differs: "from a terminal",
  exitCode: 0,
  environment: { AWS_PROFILE: "admin" },
  callerIdentity: BEN,
};
const NOWHERE = { HOME: "/home/ada", PATH: "/usr/bin:/bin" };

const OWN_FILE = {
  client: {
    name: "lens",
    files: [{ path: "/Users/ada/lens.plist", text: "<key>AWS_PROFILE</key><string>dev</string>" }],
  },
  environment: { failed: "not looked at" },
};

/** A 401 in a program that the desktop starts, which works from a shell. */
function beside(way: Partial<Observation>, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return unauthorized({
    client: { name: "lens" },
    environment: NOWHERE,
    otherObservations: [{ ...SHELL, ...way }],
    ...awsExec({}),
    ...changes,
  });
}

testRule("plugin/client-gui-environment", "T3", {
  certain: {
    "the program is on the shell's PATH and not on the desktop's": {
      on: T3,
      commands:
        "kubectl config set-credentials lab --exec-command=/opt/homebrew/bin/aws --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json",
    },
  },
  likely: {
    "nobody said how the call failed, or what the desktop's PATH is": [
      { ...T3, question: {} },
      { ...T3, execCommand: SEEN },
    ],
    "it works from a shell, and nobody looked where the program is": {
      on: without({ ...T3, otherObservations: [SHELL] }, "execCommand"),
      evidence: [/^The call failed with: /, `It works another way: from a terminal, as ${BEN.Arn}.`],
      commands: [
        "type -a aws",
        "kubectl config set-credentials lab --exec-command=/PATH/TO/aws --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json",
      ],
    },
    "the shell, where it works, has a profile": {
      on: beside({}),
      stage: "credentials",
      evidence: [
        `It works another way: from a terminal, as ${BEN.Arn}.`,
        "AWS_PROFILE is admin in the shell; the exec block's arguments and variables do not set a profile.",
      ],
      commands: "kubectl config set-credentials lab --exec-env=AWS_PROFILE=admin",
    },
    "the exec block relies on the shell's profile": {
      on: stopped(
        `Unable to locate credentials\n${connectError("getting credentials: exec: executable aws failed with exit code 253")}`,
        { client: { name: "lens", graphical: true }, environment, ...awsExec({}) },
      ),
      stage: "credentials",
      commands: "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
    },
  },
  possible: {
    "by a 401 alone": {
      on: unauthorized({ client: { name: "freelens" }, environment, ...awsExec({}) }),
      stage: "credentials",
      inferred: true,
    },
  },
  passed: {
    "a program that is nowhere": { ...T3, execCommand: { command: "aws", resolved: null } },
    "it works from a shell with the same identity": beside({ callerIdentity: ADA }),
    "it works from a shell without a profile, or in another such program": [
      beside({ environment: NOWHERE }),
      beside({ client: { name: "headlamp" } }),
    ],
  },
  unknown: {
    "a file of the program sets a profile": { on: beside({}, OWN_FILE), missing: "environment" },
  },
  notApplicable: {
    "a program of the shell": { ...T3, client: { name: "k9s" } },
    "a context that works": healthyBundle({ client: { name: "lens", graphical: true }, execCommand: FOUND }),
  },
});
