import { AWS_EXEC, kubeconfigText, unauthorized } from "../../support/bundle.ts";
import { files, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const LAB = kubeconfigText(AWS_EXEC);
const BAD = "clusters: nonsense\n";

testRule("kubeconfig/kubeconfig-broken", "K13", {
  certain: {
    "a file that kubectl cannot load": {
      on: KUBECONFIG_FAULTS.K13,
      commands: [
        `kubectl config view --kubeconfig=${KUBECONFIG}`,
        `mv ${KUBECONFIG} ${KUBECONFIG}.broken`,
        `aws eks update-kubeconfig --name lab --region eu-west-1 --kubeconfig ${KUBECONFIG}`,
      ],
    },
    "by the file alone, whichever of the list it is": {
      on: stopped("", { question: {}, ...files(BAD, LAB) }),
      evidence: ["/work/kc-1: its clusters are not a list."],
    },
    "says once why a file cannot be read, whatever words its path has": {
      on: stopped("", {
        question: {},
        kubeconfig: {
          files: [
            { path: "/work/missing/kc", failed: "/work/missing/kc cannot be read: it is a directory." },
          ],
        },
      }),
      evidence: ["/work/missing/kc: it is a directory."],
    },
  },
  likely: {
    "by the words alone, kubectl's or the AWS CLI's": [
      `error: error loading config file "${KUBECONFIG}": open ${KUBECONFIG}: permission denied`,
      "error: command must be specified for lab to use exec authentication plugin",
      `Passing ${KUBECONFIG}:clusters is wrong type <class 'str'>.`,
    ].map((stderr) => stopped(stderr, { kubeconfig: { failed: "not given" } })),
    "the files that were given are fine": stopped(
      `error: error loading config file "${KUBECONFIG}": yaml: line 3`,
    ),
  },
  passed: {
    "several documents, of which kubectl reads the first": stopped("", {
      question: {},
      ...files(`${LAB}---\nkind: Config\n`),
    }),
    "a file that is not there": stopped("", {
      question: {},
      kubeconfig: {
        files: [
          { path: "/nope", failed: "ENOENT" },
          { path: KUBECONFIG, text: LAB },
        ],
      },
    }),
  },
  notApplicable: {
    "a call that was answered": unauthorized(files(BAD, LAB)),
  },
});
