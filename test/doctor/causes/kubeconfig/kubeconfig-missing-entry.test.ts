import { AWS_EXEC, kubeconfigText, pluginFailed, unauthorized, without } from "../../support/bundle.ts";
import { edited, files, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const K15 = KUBECONFIG_FAULTS.K15;
const STDERR = "Error in configuration: context was not found for specified context: LAB";

/** What a client says of an entry that is missing, and the kubectl command that lists those there are. */
const saying = (stderr: string, list: string) => ({
  on: stopped(stderr, { kubeconfig: { failed: "not given" } }),
  commands: [list, "aws eks update-kubeconfig --name lab --region eu-west-1 --profile dev"],
});

const TWO = 'error: context "two" does not exist';
const LAB = kubeconfigText(AWS_EXEC);

/** kubectl with a context that stands in what it passes over. */
const passedOver = (text: string) =>
  stopped(TWO, {
    question: { command: "kubectl --context two get po", exitCode: 1, stderr: TWO },
    ...files(text),
  });

const ARN = "arn:aws:eks:eu-west-1:111122223333:cluster/lab";

/** As `aws eks update-kubeconfig` writes it: the cluster, the context and the user have one name. */
const ONE_NAME = LAB.replaceAll("name: lab", `name: ${ARN}`)
  .replace("current-context: lab", `current-context: ${ARN}`)
  .replace("    cluster: lab\n    user: lab", `    cluster: ${ARN}\n    user: ${ARN}`);
const NO_USERS = ONE_NAME.replace(/users:[\s\S]*/, "users: []\n");
const NAMESPACE = "    namespace: web\n";
const USER_IS_NOWHERE = `Context ${ARN} refers to user ${ARN}, which is not in any kubeconfig file.`;

/** A user that is in no file, beside a part that is passed over and has its name. */
const nowhere = (text: string) => ({
  on: stopped("", { question: {}, ...files(text) }),
  explains: ["L1"] as const,
  summary: USER_IS_NOWHERE,
  commands: `aws eks update-kubeconfig --name lab --region eu-west-1 --alias ${ARN} --user-alias ${ARN} --profile dev`,
});

testRule("kubeconfig/kubeconfig-missing-entry", "K15", {
  certain: {
    "a user that does not exist": {
      on: K15,
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias ada",
    },
    "creates no context of a name that was mistyped": {
      on: stopped('error: context "stagign" does not exist', {
        question: {
          command: "kubectl --context stagign get pods",
          context: "stagign",
          exitCode: 1,
          stderr: "",
        },
        ...files(LAB.replaceAll("lab", "staging")),
      }),
      commands: "kubectl config get-contexts",
    },
    "a cluster that does not exist": stopped("", {
      question: {},
      ...edited(["    cluster: lab", "    cluster: gone"]),
    }),
    "a cluster that does not exist, for which kubectl calls localhost": stopped(
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
      edited(["    cluster: lab", "    cluster: gone"]),
    ),
    "a cluster that does not exist, whatever the plugin would say: kubectl never runs it": {
      on: pluginFailed("The config profile (dev) could not be found", {
        changes: { question: {}, ...edited(["    cluster: lab", "    cluster: gone"]) },
      }),
      summary: "Context lab refers to cluster gone, which is not in any kubeconfig file.",
    },
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
      description: "Specify an existing context. Did you mean lab?",
      commands: "kubectl config get-contexts",
    },
    "asks which of two similar contexts is meant": {
      on: stopped(STDERR, {
        question: { command: "kubectl --context LAB get po", exitCode: 1, stderr: STDERR },
        ...edited(["contexts:\n", "contexts:\n- name: labs\n  context: {cluster: lab, user: lab}\n"]),
      }),
      description: "Specify an existing context. Did you mean labs or lab?",
    },
    "lists the contexts where none is similar": {
      on: stopped(STDERR.replaceAll("LAB", "other"), {
        question: {
          command: "kubectl --context other get po",
          exitCode: 1,
          stderr: STDERR.replaceAll("LAB", "other"),
        },
      }),
      description: "Specify an existing context: lab.",
    },
    "a current context that does not exist": {
      on: stopped("", { question: {}, ...edited(["current-context: lab", "current-context: gone"]) }),
      description: "Switch to an existing context: lab.",
      commands: [
        "kubectl config use-context lab",
        "aws eks update-kubeconfig --name lab --region eu-west-1 --profile dev",
      ],
    },
    "a context in a list that a second list of that name replaces": {
      on: passedOver(
        LAB.replace("contexts:", "contexts:\n- name: two\n  context: {cluster: lab, user: lab}\ncontexts:"),
      ),
      summary: `Context two is in ${KUBECONFIG}, but kubectl ignores it: lines 9 and 12 have the same key; kubectl uses the last one.`,
      evidence: [
        "contexts contains lab.",
        `${KUBECONFIG}: lines 9 and 12 have the same key; kubectl uses the last one.`,
      ],
      commands: `vi +12 ${KUBECONFIG}`,
    },
    "a context in a second document": {
      on: passedOver(`${LAB}---\ncontexts:\n- name: two\n  context: {cluster: lab, user: lab}\n`),
      summary:
        /^Context two is in .*: line 25 starts a second YAML document, but kubectl reads only the first\.$/,
      commands: `vi +25 ${KUBECONFIG}`,
    },
    "a context that is given its name twice": {
      on: passedOver(LAB.replace("contexts:\n- name: lab", "contexts:\n- name: two\n  name: lab")),
      summary: /lines 10 and 11 have the same key/,
      commands: `vi +11 ${KUBECONFIG}`,
    },
    "a current context that is given twice, of which the last is in no file": {
      on: stopped("", {
        question: {},
        ...edited(["current-context: lab\n", "current-context: lab\ncurrent-context: two\n"]),
      }),
      summary: /^Context two is not in any kubeconfig file that is read\.$/,
      evidence: ["contexts contains lab.", /: lines 3 and 4 have the same key; kubectl uses the last one\.$/],
      commands: `vi +4 ${KUBECONFIG}`,
    },
    "a user in a second document": {
      on: stopped("", { question: {}, ...files(LAB.replace("users:", "---\nusers:")) }),
      summary: /^User lab of context lab is in .*: line 15 starts a second YAML document/,
      commands: `vi +15 ${KUBECONFIG}`,
    },
    "a user whose exec block a second key replaces": {
      on: stopped("", { question: {}, ...files(`${LAB}  user: {}\n`) }),
      summary: /^User lab of context lab is in .*: lines 17 and 25 have the same key/,
      commands: `vi +25 ${KUBECONFIG}`,
    },
    "a user that is nowhere, beside a context of its name with a key that is given twice": nowhere(
      NO_USERS.replace(NAMESPACE, NAMESPACE + NAMESPACE),
    ),
    "a user that is nowhere, beside a context of its name in a list that is given twice": nowhere(
      NO_USERS.replace("contexts:", `contexts:\n- name: ${ARN}\ncontexts:`),
    ),
    "a user that is nowhere, beside a second document with a cluster of its name": nowhere(
      `${NO_USERS}---\ncurrent-context: ${ARN}\nclusters:\n- name: ${ARN}\n`,
    ),
    "a user of the context's name in a second list of users": {
      on: stopped("", { question: {}, ...files(`${ONE_NAME}users: []\n`) }),
      summary: /^User \S+ of context \S+ is in .*: lines 15 and 25 have the same key/,
      commands: `vi +25 ${KUBECONFIG}`,
    },
    "a user that is given its name twice": {
      on: stopped("", {
        question: {},
        ...files(ONE_NAME.replace(/(users:\n- name: .*\n)/, "$1  name: other\n")),
      }),
      summary: /^User \S+ of context \S+ is in .*: lines 16 and 17 have the same key/,
      commands: `vi +17 ${KUBECONFIG}`,
    },
    "a context that is nowhere, beside a key that is given twice": {
      on: passedOver(`${LAB}preferences: {}\npreferences: {}\n`),
      evidence: ["contexts contains lab."],
      commands: [
        "kubectl config get-contexts",
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias two --profile dev",
      ],
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
    "a plugin that the client ran, so that it had a cluster and a user": pluginFailed("refused", {
      changes: edited(["    cluster: lab", "    cluster: gone"]),
    }),
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
