import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import type { Finding } from "../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { LIST_PODS, policy } from "./support/authorization-faults.ts";
import { AWS_AUTH_FAULTS, awsAuth, line, NODE_LINE } from "./support/aws-auth-faults.ts";
import {
  ACCOUNT,
  awsConfig,
  entry,
  healthyBundle,
  keysRefused,
  pluginFailed,
  ROLE_ARN,
  unauthorized,
} from "./support/bundle.ts";
import { CLIENT_FAULTS } from "./support/client-faults.ts";
import { edited, KUBECONFIG_FAULTS } from "./support/kubeconfig-faults.ts";
import { mode, NO_ENTRY, NODE_ARN, nodesEntry, nodesFail, policies } from "./support/mapping-faults.ts";

const on = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

/** What all rules find, by section of the catalogue: `/^[KT]/`. */
function findings(bundle: DoctorEvidence, sections = /./): readonly Finding[] {
  return on(bundle)
    .outcomes.flatMap((outcome) => (outcome.status === "found" ? outcome.findings : []))
    .filter(({ cause }) => sections.test(cause));
}

/** Evidence that looks like a fault and is none. Source: doctor/EKS-ACCESS.md, "Order of checks". */
const INNOCENT: Readonly<Record<string, Partial<DoctorEvidence>>> = {
  "an empty list of can-i --list": {
    question: { command: "kubectl get pods -n web", exitCode: 0, stderr: "", attempt: LIST_PODS },
    rbac: { items: [] },
  },
  "namespaces: [] with type: cluster": policies([policy("View")]),
  "no IAM policy on the role": {
    cluster: { failed: "AccessDeniedException: not authorized to perform: eks:DescribeCluster" },
    accessEntries: { failed: "AccessDeniedException: not authorized to perform: eks:ListAccessEntries" },
    role: { failed: "AccessDenied: not authorized to perform: iam:GetRole" },
  },
  "a role listed under mapUsers": {
    ...NO_ENTRY,
    ...awsAuth({
      mapUsers: `- userarn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [system:masters]\n`,
    }),
  },
  "an entry's path that the username does not have": {
    ...entry({ principalArn: `arn:aws:iam::${ACCOUNT}:role/team/Dev` }),
    accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:role/team/Dev`] },
  },
  "somebody whom aws-auth maps": {
    ...mode("CONFIG_MAP"),
    ...NO_ENTRY,
    ...awsAuth({ mapRoles: NODE_LINE + line(ROLE_ARN, "[system:masters]") }),
    selfSubjectReview: {
      status: {
        userInfo: { username: "Dev:ada-example.com", groups: ["system:masters", "system:authenticated"] },
      },
    },
  },
  "a token signed in another region of the partition": {
    token: {
      bytes: 1574,
      host: "sts.us-east-2.amazonaws.com",
      region: "us-east-2",
      partition: "aws",
      accessKeyId: "ASIAEXAMPLEEXAMPLE12",
      temporary: true,
      problems: [],
    },
  },
  "a deprecation line on the plugin's stderr": {
    pluginRun: {
      exitCode: 0,
      stderr:
        "Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1.\n",
    },
  },
};

describe("the doctor blames nothing", () => {
  for (const [name, changes] of Object.entries(INNOCENT)) {
    it(`for ${name}`, () => {
      assert.deepEqual(findings(healthyBundle(changes)), []);
    });
  }

  it("in credentials, kubeconfig or client for a 401 alone", () => {
    for (const changes of [{}, ...Object.values(INNOCENT)]) {
      assert.deepEqual(findings(unauthorized(changes), /^[KLSTV]/), []);
    }
  });

  it("in kubeconfig or client for a fault elsewhere", () => {
    const stderr =
      'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "prod"';
    const elsewhere = [
      pluginFailed("An error occurred (ExpiredToken) when calling the AssumeRole operation"),
      healthyBundle({ question: { exitCode: 1, stderr } }),
      healthyBundle({
        question: {
          exitCode: 1,
          stderr: "Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout",
        },
        apiServer: { failed: "i/o timeout" },
      }),
    ];
    for (const bundle of elsewhere) assert.deepEqual(findings(bundle, /^[KT]/), []);
  });

  it("on the caller's side when the question is about somebody else", () => {
    const principal = "arn:aws:iam::111122223333:role/Other";
    const callerIdentity = {
      failed: "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation",
    };
    for (const bundle of [
      ...Object.values({ ...KUBECONFIG_FAULTS, ...CLIENT_FAULTS }),
      unauthorized({ question: { stderr: "error: You must be logged in" }, callerIdentity }),
    ]) {
      const asked = { ...bundle, question: { ...bundle.question, principal } };
      assert.deepEqual(findings(asked, /^(?:K|L|S|V|T(?!8$))/), []);
    }
  });

  it("in a healthy entry of nodes, whatever fails on them", () => {
    const said = [
      'kubelet.go:2900] "Unable to register node with API server" err="Unauthorized"',
      "Node not registered with cluster",
      "ip-10-0-0-7.ec2.internal   NotReady   <none>   3d   v1.33.1-eks",
      'nodes "ip-10-0-0-7.ec2.internal" is forbidden: User "system:node:ip-10-0-0-7.ec2.internal" cannot get resource "nodes" in API group "" at the cluster scope: node "ip-10-0-0-7.ec2.internal" cannot read "nodes" (kubelet)',
    ];
    const types = ["EC2", "EC2_LINUX", "EC2_WINDOWS", "HYBRID_LINUX", "FARGATE_LINUX", "HYPERPOD_LINUX"];
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";
    for (const type of types) {
      const ofAuto = type === "EC2" ? [{ policyArn, accessScope: { type: "cluster" } }] : [];
      const healthy = { ...nodesEntry(type), ...policies(ofAuto, NODE_ARN) };
      for (const stderr of said)
        for (const changes of [{}, { question: { stderr, principal: NODE_ARN } }])
          assert.deepEqual(findings(nodesFail(stderr, { ...healthy, ...changes }), /^[EAMN]/), [], type);
    }
  });

  it("once the call works", () => {
    for (const bundle of Object.values({ ...KUBECONFIG_FAULTS, ...CLIENT_FAULTS })) {
      const works = { ...bundle, question: { exitCode: 0 }, apiServer: { status: 200, isKubernetes: true } };
      const errors = findings(works, /^[KT]/).filter(({ severity }) => severity === "error");
      assert.deepEqual(errors, []);
    }
  });
});

const INVALID_KEY =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";

const VOUCH_PROFILE = awsConfig(
  "[profile dev]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev\n",
);

/** Faults that several rules see, and the cause that is left. */
const SEEN_TWICE: readonly (readonly [cause: string, what: string, bundle: DoctorEvidence])[] = [
  [
    "V1",
    "a profile whose helper is Vouch, with nobody logged in",
    pluginFailed(
      "Error when retrieving credentials from custom-process: Nobody is logged in to https://us.vouch.sh.",
      { changes: VOUCH_PROFILE },
    ),
  ],
  [
    "S7",
    "temporary keys of the wrong kind in an opt-in region",
    keysRefused(INVALID_KEY, {
      token: {
        bytes: 1500,
        host: "sts.me-south-1.amazonaws.com",
        region: "me-south-1",
        accessKeyId: "ASIAEXAMPLEEXAMPLE12",
        temporary: true,
        problems: [],
      },
    }),
  ],
  [
    "L6",
    "keys in the environment that AWS does not know",
    keysRefused(INVALID_KEY, {
      environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "***" },
    }),
  ],
  [
    "S8",
    "a clock that is far behind, which AWS says too",
    keysRefused(
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z",
      { clocks: [{ peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: -3600 }] },
    ),
  ],
  [
    "V2",
    "a session that ended, at a server that cannot be asked",
    pluginFailed("The session of ada@example.com at https://us.vouch.sh ended at 11:00.", {
      vouch: true,
      changes: {
        vouch: {
          server: "https://us.vouch.sh",
          loggedIn: false,
          sessionEnd: "2026-01-15T11:00:00Z",
          serverConfirms: false,
        },
      },
    }),
  ],
];

describe("the doctor names one cause", () => {
  for (const [cause, what, bundle] of SEEN_TWICE) {
    it(`for ${what}`, () => {
      assert.deepEqual(
        on(bundle).rootCauses.map((root) => root.cause),
        [cause],
      );
    });
  }

  it("and warns of somebody else's faulty line of aws-auth apart", () => {
    const mapRoles = `${NODE_LINE}${line(`arn:aws:iam::${ACCOUNT}:role/team/Dev`)}${line(`arn:aws:sts::${ACCOUNT}:assumed-role/Ops/bob`)}`;
    const { rootCauses, warnings } = on({ ...AWS_AUTH_FAULTS.A2, ...awsAuth({ mapRoles }) });
    assert.deepEqual(
      [...rootCauses, ...warnings].map(({ cause }) => cause),
      ["A2", "A3"],
    );
  });

  it("and quotes no token, wherever one was put", () => {
    const url = "https://sts.eu-west-1.amazonaws.com/?X-Amz-Date=20260115T110000Z&X-Amz-Signature=c4n4ry";
    const token = `k8s-aws-v1.${btoa(url)}`;
    const cases = [
      unauthorized(edited(["--cluster-name, lab", `--cluster-name, "${token}"`])),
      unauthorized(edited(["    exec:", `    token: ${token}\n    exec:`])),
      unauthorized({ question: { command: `kubectl --token ${token} get po`, stderr: "Unauthorized" } }),
    ];
    const found = cases.map((bundle) => findings(bundle, /^[KT]/));
    assert.deepEqual(
      found.map((each) => each.map(({ cause, confidence }) => `${cause} ${confidence}`)),
      [["K17 likely"], ["K11 certain"], ["K11 certain"]],
    );
    assert.equal(JSON.stringify(found).includes(btoa(url).slice(0, 40)), false);
  });
});
