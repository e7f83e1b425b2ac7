import { awsExec, healthyBundle, unauthorized } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { connectError, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T3 = CLIENT_FAULTS.T3;
const SEEN = { command: "aws", resolved: "/opt/homebrew/bin/aws", executable: true };
const FOUND = { ...SEEN, resolvedForGui: null };
const environment = { HOME: "/home/ada", AWS_PROFILE: "dev" };

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
    "an exec block with its own profile": unauthorized({ client: { name: "lens" }, environment }),
  },
  notApplicable: {
    "a program of the shell": { ...T3, client: { name: "k9s" } },
    "a context that works": healthyBundle({ client: { name: "lens", graphical: true }, execCommand: FOUND }),
  },
});
