import { execBlock, healthyBundle, VOUCH_EXEC } from "../../support/bundle.ts";
import { connectError, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const ARGS =
  "--exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json";
const USE_OURS =
  "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile dev --migrate --in-place";
const NOT_FOUND = connectError("getting credentials: exec: executable aws not found");

testRule("plugin/plugin-not-found", "K1", {
  certain: {
    "the client says so and the program is on no PATH": {
      on: KUBECONFIG_FAULTS.K1,
      commands: [`kubectl config set-credentials lab --exec-command=/PATH/TO/aws ${ARGS}`, USE_OURS],
    },
    "is installed in the image of a pod's container, and nowhere else": {
      on: { ...KUBECONFIG_FAULTS.K1, workload: { kind: "pod", namespace: "argocd" } },
      description: /^Install aws in the container image: /,
      commands: [],
    },
    "takes the path that another PATH has": {
      on: {
        ...KUBECONFIG_FAULTS.K1,
        execCommand: { command: "aws", resolved: null, resolvedForGui: "/usr/bin/aws" },
      },
      commands: [`kubectl config set-credentials lab --exec-command=/usr/bin/aws ${ARGS}`, USE_OURS],
    },
    "takes the path where krew puts us": {
      on: {
        ...KUBECONFIG_FAULTS.K1,
        ...execBlock(VOUCH_EXEC.replace(/args: .*/, "args: [credential, eks]")),
        execCommand: { command: "kubectl-vouch", resolved: null },
      },
      commands: [
        "kubectl krew install vouch",
        "kubectl config set-credentials lab --exec-command=/home/ada/.krew/bin/kubectl-vouch --exec-arg=credential --exec-arg=eks",
      ],
    },
    "has a name corrected that is spelled almost as ours": {
      on: stopped(connectError("getting credentials: exec: executable kubectl-vouhc not found"), {
        ...execBlock(
          VOUCH_EXEC.replace(/args: .*/, "args: [credential, eks]").replace("kubectl-vouch", "kubectl-vouhc"),
        ),
        execCommand: { command: "kubectl-vouhc", resolved: null },
      }),
      commands:
        "kubectl config set-credentials lab --exec-command=kubectl-vouch --exec-arg=credential --exec-arg=eks",
    },
    "by the search alone, when nobody said how the call failed": stopped("", {
      question: {},
      execCommand: { command: "aws", resolved: null },
    }),
    "has a file made executable": {
      on: stopped(connectError("getting credentials: exec: fork/exec /opt/aws: permission denied"), {
        execCommand: { command: "/opt/aws", resolved: "/opt/aws", executable: false },
      }),
      commands: "chmod +x /opt/aws",
    },
  },
  likely: {
    "gives the arguments again with the full path, which kubectl would forget": {
      on: stopped(NOT_FOUND),
      commands: `kubectl config set-credentials lab --exec-command=/usr/local/bin/aws ${ARGS}`,
    },
    "does not set a path that is set, where it may not be started": {
      on: stopped(connectError("getting credentials: exec: fork/exec /opt/aws: permission denied")),
      commands: "chmod +x /opt/aws",
      description: /in a sandbox \(snap, Flatpak\)/,
    },
    "by the words alone": stopped(NOT_FOUND, {
      execCommand: { failed: "not looked" },
      kubeconfig: { failed: "not given" },
    }),
  },
  notApplicable: {
    "a plugin that ran and failed": stopped(
      connectError("getting credentials: exec: executable aws failed with exit code 255"),
      { execCommand: { command: "aws", resolved: null } },
    ),
    "a program of the desktop, whose PATH is another cause": stopped(NOT_FOUND, {
      client: { name: "lens", graphical: true },
    }),
    "a confined snap": stopped(NOT_FOUND, { client: { name: "kubectl", path: "/snap/bin/kubectl" } }),
    "a context that works": healthyBundle({ execCommand: { command: "aws", resolved: null } }),
  },
});
