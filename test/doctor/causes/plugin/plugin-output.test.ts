import { healthyBundle, pluginFailed, unauthorized } from "../../support/bundle.ts";
import {
  connectError,
  edited,
  KUBECONFIG_FAULTS,
  stopped,
  V1,
  vouchExec,
} from "../../support/kubeconfig-faults.ts";
import { forbidden } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const JSON_ARGS =
  "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json";

const EMPTY_TOKEN = {
  exitCode: 0,
  stderr: "",
  credential: { apiVersion: V1, hasToken: false },
};

testRule("plugin/plugin-output", "K6", {
  certain: {
    "another format, and has the exec block ask for JSON": {
      on: KUBECONFIG_FAULTS.K6,
      evidence: [
        /^The call failed with: “Unable to connect to the server: getting credentials: decoding stdout: /,
        "Run by itself, it exits with status 0 and prints “client.authentication.k8s.io/v1beta1\tExecCredential”.",
        "The arguments do not include --output json.",
        "AWS_DEFAULT_OUTPUT is text.",
      ],
      commands: JSON_ARGS,
    },
    "removes --query": {
      on: stopped("", {
        question: {},
        ...edited(["json]", "json, --query, status.token]"]),
        pluginRun: { exitCode: 0, stderr: "", stdoutHead: '"k8s-' },
      }),
      commands: JSON_ARGS,
    },
    "by the words alone": [
      `exec plugin is configured to use API version ${V1}, plugin returned version client.authentication.k8s.io/__internal`,
      "exec plugin didn't return a status field",
      "exec plugin didn't return a token or cert/key pair",
      'decoding stdout: parsing time "nope" as "2006-01-02T15:04:05Z07:00": cannot parse "nope" as "2006"',
    ].map((why) => stopped(connectError(`getting credentials: ${why}`))),
    "an ExecCredential without a token, which a script around the plugin prints": {
      on: stopped(connectError("getting credentials: exec plugin didn't return a token or cert/key pair"), {
        ...vouchExec((text) => text.replace("kubectl-vouch", "/opt/wrapper.sh")),
        pluginRun: EMPTY_TOKEN,
      }),
      summary: "wrapper.sh exits with status 0, but its ExecCredential does not contain a token.",
      evidence: [
        /didn't return a token/,
        "Run by itself, it exits with status 0 and prints an ExecCredential with an empty token.",
      ],
      description: /set -eo pipefail/,
    },
    "has a wrapper print its banner elsewhere": {
      on: stopped("", {
        question: {},
        ...vouchExec((text) => text.replace("kubectl-vouch", "/opt/wrapper.sh")),
        pluginRun: { exitCode: 0, stderr: "", stdoutHead: "Welcome!\n{" },
      }),
      evidence: ["Run by itself, it exits with status 0 and prints “Welcome!\n{”."],
      description: /stderr/,
    },
  },
  likely: {
    "an empty token that another client sent": [
      unauthorized({ pluginRun: EMPTY_TOKEN }),
      unauthorized({ pluginRun: { exitCode: 0, stderr: "", stdoutHead: "" } }),
      { ...forbidden({}, "system:anonymous"), pluginRun: EMPTY_TOKEN },
    ],
  },
  passed: {
    "a plugin that ends with an error": pluginFailed("Unable to locate credentials"),
  },
  notApplicable: {
    "a 401 with a token, or where nobody wrote down what was printed": [
      unauthorized(),
      unauthorized({ pluginRun: { exitCode: 0, stderr: "" } }),
    ],
    "AWS_DEFAULT_OUTPUT=text where the arguments hold --output json": healthyBundle({
      environment: { HOME: "/home/ada", AWS_DEFAULT_OUTPUT: "text" },
    }),
  },
});
