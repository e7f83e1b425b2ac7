import { unauthorized, without } from "../../support/bundle.ts";
import { edited, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const K15 = KUBECONFIG_FAULTS.K15;
const STDERR = "Error in configuration: context was not found for specified context: LAB";

/** What a client says of an entry that is missing, and the kubectl command that lists those there are. */
const saying = (stderr: string, list: string) => ({
  on: stopped(stderr, { kubeconfig: { failed: "not given" } }),
  commands: [list, "aws eks update-kubeconfig --name lab --region eu-west-1"],
});

testRule("kubeconfig/kubeconfig-missing-entry", "K15", {
  certain: {
    "a user that does not exist": {
      on: K15,
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias ada",
    },
    "a cluster that does not exist": stopped("", {
      question: {},
      ...edited(["    cluster: lab", "    cluster: gone"]),
    }),
    "a cluster that does not exist, for which kubectl calls localhost": stopped(
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
      edited(["    cluster: lab", "    cluster: gone"]),
    ),
    "a user without any credential": unauthorized(edited([/ {4}exec:[\s\S]*/, "    {}\n"])),
    "an anonymous 403": {
      ...K15,
      question: {
        stderr:
          'Error from server (Forbidden): pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "web"',
      },
    },
    "a prompt for a name": stopped(
      "Please enter Username: error: EOF",
      edited(["    user: lab\n", "    user: ada\n"]),
    ),
    "offers the contexts that exist when the one that is meant does not": {
      on: stopped(STDERR, {
        question: { command: "kubectl --context LAB get po", exitCode: 1, stderr: STDERR },
      }),
      commands: ["kubectl config use-context lab", "aws eks update-kubeconfig --name lab --region eu-west-1"],
    },
    "by the words alone, of a context": saying(
      "Error in configuration: context was not found for specified context: zz",
      "kubectl config get-contexts",
    ),
    "by the words alone, of a user": saying(
      'error: auth info "zz" does not exist',
      "kubectl config get-users",
    ),
    "by the words alone, of a cluster": saying(
      'error: no server found for cluster "zz"',
      "kubectl config get-clusters",
    ),
    "by helm's words alone": saying(
      'Error: Kubernetes cluster unreachable: context "zz" does not exist',
      "kubectl config get-contexts",
    ),
  },
  passed: {
    "a whole context": unauthorized(),
  },
  notApplicable: {
    "a token on the command line, which needs no user": {
      ...K15,
      question: { command: "kubectl --token x get po", stderr: "Unauthorized" },
    },
    "a 403 that names somebody": {
      ...K15,
      question: { stderr: 'pods is forbidden: User "ada" cannot list resource "pods" in API group ""' },
    },
  },
  unknown: {
    "finds nothing without the kubeconfig and its words": {
      on: without(K15, "kubeconfig"),
      missing: "kubeconfig",
    },
  },
});
