import { AWS_EXEC, awsConfig, ENDPOINT, kubeconfigText } from "../../support/bundle.ts";
import { edited, files, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const LOCALHOST =
  "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n";

testRule("kubeconfig/kubeconfig-none", "K14", {
  certain: {
    "leaves the profile to be chosen among several": {
      on: { ...KUBECONFIG_FAULTS.K14, ...awsConfig("[profile dev]\nregion = eu-west-1\n[profile ops]\n") },
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1 --profile PROFILE",
    },
    "names no profile where variables choose another source": {
      on: {
        ...KUBECONFIG_FAULTS.K14,
        ...awsConfig("[profile dev]\nregion = eu-west-1\n"),
        environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials" },
      },
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1",
    },
    "names no profile where the variables are not known": {
      on: {
        ...KUBECONFIG_FAULTS.K14,
        ...awsConfig("[profile dev]\nregion = eu-west-1\n"),
        environment: { failed: "not given" },
      },
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1",
    },
    "has a new context written by setup for those who have nothing but Vouch": {
      on: {
        ...KUBECONFIG_FAULTS.K14,
        vouch: { server: "https://us.vouch.sh", loggedIn: true, identity: "ada@example.com" },
      },
      commands: "kubectl vouch setup eks --cluster lab --region eu-west-1",
    },
    "has it written by the AWS CLI for who is logged in to Vouch and has AWS credentials besides": {
      on: {
        ...KUBECONFIG_FAULTS.K14,
        vouch: { server: "https://us.vouch.sh", loggedIn: true, identity: "ada@example.com" },
        environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "***" },
      },
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1",
    },
    "chooses a context when none is current": {
      on: stopped(LOCALHOST, edited(["current-context: lab\n", ""])),
      commands: "kubectl config use-context lab",
    },
    "a current context in a second document": {
      on: stopped(
        LOCALHOST,
        files(
          kubeconfigText(AWS_EXEC)
            .replace("current-context: lab\n", "")
            .concat("---\ncurrent-context: lab\n"),
        ),
      ),
      evidence: [
        /^The call failed with/,
        `current-context is not set in ${KUBECONFIG}.`,
        `${KUBECONFIG}: line 24 starts a second YAML document, but kubectl reads only the first.`,
      ],
      commands: [`vi +24 ${KUBECONFIG}`, "kubectl config use-context lab"],
    },
  },
  likely: {
    "by the words alone, whichever client says them": [
      LOCALHOST,
      'Error: Kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused',
      "Error: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
      "Error: connect ECONNREFUSED 127.0.0.1:80",
    ].map((stderr) => stopped(stderr, { kubeconfig: { failed: "not given" } })),
    "another HOME when there is a kubeconfig with a current context, as under sudo": {
      on: stopped(LOCALHOST, {
        question: { command: "sudo kubectl get po", exitCode: 1, stderr: LOCALHOST },
      }),
      evidence: [
        "The call failed with: “The connection to the server localhost:8080 was refused - did you specify the right host or port?”",
        "The command runs under sudo: root has a different HOME and different variables.",
      ],
      commands: [
        `export KUBECONFIG=${KUBECONFIG}`,
        `kubectl config current-context --kubeconfig=${KUBECONFIG}`,
      ],
    },
    "a home that the client does not know": {
      on: stopped(LOCALHOST, { environment: { PATH: "/usr/bin" } }),
      evidence: [
        /^The call failed with/,
        "HOME is not set, so kubectl reads .kube/config in the current folder, not in the home directory.",
      ],
      commands: "export HOME=/home/ada",
    },
    "no lost home where KUBECONFIG names the file": {
      on: stopped(LOCALHOST, { environment: { PATH: "/usr/bin", KUBECONFIG } }),
      commands: [
        `export KUBECONFIG=${KUBECONFIG}`,
        `kubectl config current-context --kubeconfig=${KUBECONFIG}`,
      ],
    },
  },
  notApplicable: {
    "a cluster that really is on this machine": stopped(
      LOCALHOST,
      files(kubeconfigText(AWS_EXEC).replace(ENDPOINT, "http://localhost:8080")),
    ),
    "a context whose cluster does not exist": stopped(
      LOCALHOST,
      edited(["    cluster: lab", "    cluster: gone"]),
    ),
    "another host that refuses": stopped("The connection to the server 10.0.0.1:443 was refused"),
  },
});
