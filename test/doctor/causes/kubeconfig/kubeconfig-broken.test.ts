import { AWS_EXEC, healthyBundle, kubeconfigText, unauthorized } from "../../support/bundle.ts";
import { edited, files, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const LAB = kubeconfigText(AWS_EXEC);
const BAD = "clusters: nonsense\n";

/** A file that could not be read, and why, in our words. */
const unreadable = (why: string) =>
  stopped("", {
    question: {},
    kubeconfig: { files: [{ path: KUBECONFIG, failed: `${KUBECONFIG} cannot be read: ${why}.` }] },
  });

/** What follows on its own fix. */
const ASIDE = [
  `mv ${KUBECONFIG} ${KUBECONFIG}.broken`,
  `aws eks update-kubeconfig --name lab --region eu-west-1 --kubeconfig ${KUBECONFIG} --profile dev`,
];

/** What the doctor found in the entry before it called anything. */
const refusedEntry = (failed: string, entry: readonly [string | RegExp, string]) =>
  healthyBundle({
    question: {},
    ...edited(entry),
    apiServer: { failed },
    selfSubjectReview: { failed },
    accessReviews: { failed },
    network: { failed },
  });
const PLAIN_PROXY = `invalid 'proxy-url' "proxy.corp:3128" for cluster "lab": must be http://HOST:PORT, https://… or socks5://…`;

testRule("kubeconfig/kubeconfig-broken", "K13", {
  certain: {
    "a proxy without a scheme, before any call": {
      on: refusedEntry(PLAIN_PROXY, ["    server:", "    proxy-url: proxy.corp:3128\n    server:"]),
      evidence: [`kubectl rejects the entry: “${PLAIN_PROXY}”`],
      commands: "kubectl config set-cluster lab --proxy-url=http://proxy.corp:3128",
    },
    "a certificate without a key beside the exec block": {
      on: refusedEntry(
        "client-key-data or client-key must be specified for lab to use the clientCert authentication method.",
        ["    exec:", "    client-certificate: bob.crt\n    exec:"],
      ),
      description: "Remove the client certificate; the exec block fetches tokens.",
      commands: "kubectl config unset users.lab.client-certificate",
    },
    "groups without a user to impersonate": {
      on: refusedEntry("requesting uid, groups or user-extra for lab without impersonating a user", [
        "    exec:",
        "    as-groups: [devs]\n    exec:",
      ]),
      commands: "kubectl config unset users.lab.act-as-groups",
    },
    "a CA that is not checked": {
      on: refusedEntry("specifying a root certificates file with the insecure flag is not allowed", [
        "    server:",
        "    insecure-skip-tls-verify: true\n    server:",
      ]),
      commands: "kubectl config set-cluster lab --insecure-skip-tls-verify=false",
    },
    "a CA file that is not there": {
      on: refusedEntry(
        "unable to read certificate-authority /ca for lab due to open /ca: no such file or directory",
        [/certificate-authority-data: .*/, "certificate-authority: /ca"],
      ),
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
    "has the new file written by setup for those who have nothing but Vouch": {
      on: {
        ...KUBECONFIG_FAULTS.K13,
        vouch: { server: "https://us.vouch.sh", loggedIn: true, identity: "ada@example.com" },
      },
      commands: [
        `kubectl config view --kubeconfig=${KUBECONFIG}`,
        `mv ${KUBECONFIG} ${KUBECONFIG}.broken`,
        `kubectl vouch setup eks --cluster lab --region eu-west-1 --kubeconfig ${KUBECONFIG}`,
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
    "bytes that are no text": {
      on: unreadable("it is not UTF-8 text: the first invalid byte is in line 3"),
      evidence: [`${KUBECONFIG}: it is not UTF-8 text: the first invalid byte is in line 3.`],
      commands: [`vi +3 ${KUBECONFIG}`, ...ASIDE],
    },
    "UTF-16 without a byte order mark": {
      on: unreadable("its text is UTF-16, big-endian, without byte order mark, but must be UTF-8"),
      commands: [
        `cp ${KUBECONFIG} ${KUBECONFIG}.utf16`,
        `iconv -f UTF-16BE -t UTF-8 ${KUBECONFIG}.utf16 > ${KUBECONFIG}`,
        ...ASIDE,
      ],
    },
    "a file that is another's": {
      on: unreadable("permission denied"),
      commands: [`ls -lL ${KUBECONFIG}`, ...ASIDE],
    },
    "a folder of its path that is a file": {
      on: unreadable("a part of its path is not a directory"),
      commands: [],
    },
    "links that lead in a circle": unreadable("its symbolic links form a loop"),
    "a socket": unreadable("it is a socket, not a file"),
  },
  likely: {
    "UTF-16 with a byte order mark, which kubectl reads and nobody else": {
      on: unreadable("its text is UTF-16, little-endian, but must be UTF-8"),
      evidence: [
        `${KUBECONFIG}: its text is UTF-16, little-endian, but must be UTF-8.`,
        "If kubectl itself can read it, the cause is something else, which the doctor cannot see without this file.",
      ],
      commands: [
        `cp ${KUBECONFIG} ${KUBECONFIG}.utf16`,
        `iconv -f UTF-16 -t UTF-8 ${KUBECONFIG}.utf16 > ${KUBECONFIG}`,
        ...ASIDE,
      ],
    },
    "a named pipe, in which kubectl waits for a text": unreadable("it is a named pipe, not a file"),
    "a device, which nobody is told to move": {
      on: unreadable("it is a device, not a file"),
      description: "Set KUBECONFIG or --kubeconfig to a file that contains a kubeconfig.",
      commands: [],
    },
    "a file larger than we read": {
      on: unreadable("it is 17825792 bytes long; the limit is 16777216"),
      summary: `The doctor cannot read the kubeconfig file ${KUBECONFIG}.`,
      description: "Remove what you do not need from the file, or use a smaller one.",
    },
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
