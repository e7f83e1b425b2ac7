import { formatAttempt } from "../../../doctor/derive/authorization/access-request.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { failureOf, knownValue } from "../../../doctor/evidence/evidence.ts";
import type { EvidencePart } from "../../../doctor/evidence/parts.ts";

type Writer = (evidence: DoctorEvidence) => readonly (readonly [command: string, output: string])[];

/** Parts that a program of ours alone can see, or that are somebody's word: nobody can paste them. */
const NOT_PASTED: ReadonlySet<EvidencePart> = new Set([
  "client",
  "otherObservations",
  "fixAttempts",
  "excerpts",
  "sourceFiles",
  "tokenNames",
  "securityKeys",
  "clocks",
  "network",
  "workload",
]);

function json(value: unknown): string {
  return JSON.stringify(value, null, 4);
}

/** A part as the command prints it that gives it, or as the command says why not. */
function answers(part: EvidencePart, command: string): Writer {
  return (evidence) => {
    const value = evidence[part];
    if (value === undefined) return [];
    const failed = failureOf(value as never);
    if (failed !== undefined) return [[command, `\n${failed}`]];
    return Array.isArray(value)
      ? value.map((one) => [command, json(one)] as const)
      : [[command, json(value)]];
  };
}

function file(part: "awsConfig" | "awsCredentials"): Writer {
  return (evidence) => {
    const value = evidence[part];
    if (value === undefined) return [];
    if ("failed" in value) {
      const path = `/home/ada/.aws/${part === "awsConfig" ? "config" : "credentials"}`;
      return [[`cat ${path}`, `cat: ${path}: No such file or directory`]];
    }
    return [[`cat ${value.path}`, value.text.trimEnd()]];
  };
}

const WRITERS: Readonly<Partial<Record<EvidencePart, Writer>>> = {
  question: ({ question = {} }) => {
    const { command = "", stderr = "", exitCode } = question;
    return [
      [
        /^[a-z]+ (?!EKS)/.test(command) ? command : "",
        exitCode === 0 && stderr === "" ? "NAME   READY   STATUS    RESTARTS   AGE" : stderr,
      ],
    ];
  },
  kubeconfig: ({ kubeconfig }) =>
    (knownValue(kubeconfig)?.files ?? []).map((one) =>
      "text" in one
        ? [`cat ${one.path}`, one.text.trimEnd()]
        : [`cat ${one.path}`, `cat: ${one.path}: No such file or directory`],
    ),
  environment: ({ environment }) => [
    [
      "env",
      Object.entries(knownValue(environment) ?? {})
        .map((pair) => pair.join("="))
        .join("\n"),
    ],
  ],
  awsConfig: file("awsConfig"),
  awsCredentials: file("awsCredentials"),
  execCommand: ({ execCommand }) => {
    const found = knownValue(execCommand);
    if (found === undefined) return [];
    const version =
      found.version === undefined ? [] : ([[`${found.command} --version`, found.version]] as const);
    return [[`which ${found.command}`, found.resolved ?? `${found.command} not found`], ...version];
  },
  pluginRun: ({ pluginRun }) => {
    const run = knownValue(pluginRun);
    if (run === undefined) return [];
    const command = "aws eks get-token --cluster-name lab --region eu-west-1";
    if (run.credential === undefined) return [[command, run.stderr ?? run.stdoutHead ?? ""]];
    const { apiVersion, expirationTimestamp, hasToken } = run.credential;
    const status = { expirationTimestamp, ...(hasToken ? { token: "***" } : {}) };
    return [[command, json({ kind: "ExecCredential", apiVersion, spec: {}, status })]];
  },
  token: ({ token }) => {
    const facts = knownValue(token);
    const document = { apiVersion: "vouch.kubectl/v1", kind: "TokenExplanation", ...facts, acceptable: true };
    return facts === undefined ? [] : [["kubectl vouch token explain -o json < token.json", json(document)]];
  },
  callerIdentity: answers("callerIdentity", "aws sts get-caller-identity"),
  vouch: ({ vouch }) => {
    const facts = knownValue(vouch);
    if (facts === undefined) return [];
    const { server, loggedIn, identity, sessionEnd, serverConfirms, serverProblem } = facts;
    const status = { email: identity, expiresAt: sessionEnd, verified: serverConfirms };
    const document = {
      apiVersion: "vouch.kubectl/v1",
      kind: "Status",
      authenticated: loggedIn,
      server,
      ...status,
    };
    return [["kubectl vouch status -o json", json({ ...document, notVerifiedBecause: serverProblem })]];
  },
  apiServer: ({ apiServer }) => {
    const answer = knownValue(apiServer);
    const command = "kubectl get --raw /api";
    if (apiServer === undefined) return [];
    if (answer === undefined) return [[command, failureOf(apiServer) ?? ""]];
    if (answer.status === 200) return [[command, '{"kind":"APIVersions","versions":["v1"]}']];
    if (answer.status === 401)
      return [[command, "error: You must be logged in to the server (Unauthorized)"]];
    return [[command, `Error from server (Forbidden): ${answer.message ?? ""}`]];
  },
  cluster: answers("cluster", "aws eks describe-cluster --name lab --region eu-west-1"),
  clusters: answers("clusters", "aws eks list-clusters --region eu-west-1"),
  accessEntries: answers("accessEntries", "aws eks list-access-entries --cluster-name lab"),
  accessEntryDetails: answers(
    "accessEntryDetails",
    "aws eks describe-access-entry --cluster-name lab --principal-arn X",
  ),
  associatedPolicies: answers(
    "associatedPolicies",
    "aws eks list-associated-access-policies --cluster-name lab --principal-arn X",
  ),
  role: answers("role", "aws iam get-role --role-name Dev"),
  roles: answers("roles", "aws iam list-roles"),
  user: answers("user", "aws iam get-user"),
  clusterCreator: ({ clusterCreator }) => {
    const creator = knownValue(clusterCreator);
    if (creator === undefined) return [];
    const CloudTrailEvent = JSON.stringify({
      eventName: "CreateCluster",
      userIdentity: { arn: creator.Arn },
    });
    const Events = [{ EventId: "1", EventName: "CreateCluster", CloudTrailEvent }];
    return [["aws cloudtrail lookup-events --lookup-attributes …", json({ Events })]];
  },
  securityGroups: answers("securityGroups", "aws ec2 describe-security-groups"),
  routeTables: answers("routeTables", "aws ec2 describe-route-tables"),
  vpcAttributes: answers("vpcAttributes", "aws ec2 describe-vpc-attribute --attribute enableDnsSupport"),
  openIdConnectProviders: answers("openIdConnectProviders", "aws iam list-open-id-connect-providers"),
  identityProviders: answers("identityProviders", "aws eks describe-identity-provider-config"),
  awsAuth: ({ awsAuth }) => {
    const command = "kubectl -n kube-system get configmap aws-auth -o yaml";
    if (awsAuth === undefined) return [];
    if (awsAuth === null) return [[command, 'Error from server (NotFound): configmaps "aws-auth" not found']];
    if (typeof awsAuth === "string") return [[command, awsAuth.trimEnd()]];
    if ("failed" in awsAuth) return [[command, String(awsAuth.failed)]];
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "aws-auth", namespace: "kube-system" },
    };
    return [
      [
        command.replace("yaml", "json"),
        json({ ...object, ...awsAuth, metadata: { ...object.metadata, ...awsAuth.metadata } }),
      ],
    ];
  },
  selfSubjectReview: ({ selfSubjectReview }) => {
    const command = "kubectl auth whoami -o json";
    const failed = failureOf(selfSubjectReview);
    if (selfSubjectReview === undefined) return [];
    if (failed !== undefined) return [[command, `error: ${failed}`]];
    const object = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    return [[command, json({ ...object, ...selfSubjectReview })]];
  },
  accessReviews: ({ accessReviews }) =>
    (knownValue(accessReviews) ?? []).map(({ spec, status }) => {
      const { verb = "", ...asked } = spec.resourceAttributes ?? spec.nonResourceAttributes ?? {};
      const why = status.reason === undefined ? "" : ` - ${status.reason}`;
      return [`kubectl auth can-i ${formatAttempt({ verb, ...asked })}`, status.allowed ? "yes" : `no${why}`];
    }),
  rbac: ({ rbac }) => {
    const command = "kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json";
    const failed = failureOf(rbac);
    if (rbac === undefined) return [];
    if (failed !== undefined) return [[command, failed]];
    return [[command, json({ apiVersion: "v1", kind: "List", ...rbac })]];
  },
  namespaces: ({ namespaces }) => {
    const found = knownValue(namespaces);
    if (found === undefined) return [];
    const items = found.items.map((one) => ({ apiVersion: "v1", kind: "Namespace", ...one }));
    return [["kubectl get namespaces -o json", json({ apiVersion: "v1", kind: "List", items })]];
  },
};

/** A case as the terminal shows it of whoever runs the commands of doctor/EVIDENCE.md one after the other. */
export function terminalText(evidence: DoctorEvidence, prompt = "ada@laptop:~$ "): string {
  return Object.values(WRITERS)
    .flatMap((write) => write(evidence))
    .map(([command, output]) => {
      const typed = command === "" ? "" : `${prompt}${command}\n`;
      return `${typed}${output}${output.endsWith("\n") ? "" : "\n"}`;
    })
    .join("");
}

/** The bundle without what cannot be pasted: whether an AI agent runs us is told by nothing that prints. */
export function pastable(evidence: DoctorEvidence): DoctorEvidence {
  const kept = Object.entries(evidence).filter(
    ([part, value]) => !NOT_PASTED.has(part as EvidencePart) && !(Array.isArray(value) && value.length === 0),
  );
  const { vouch, ...others } = Object.fromEntries(kept) as unknown as DoctorEvidence;
  if (vouch === undefined || "failed" in vouch) return { ...others, ...(vouch && { vouch }) };
  const { agent: _, ...said } = vouch;
  return { ...others, vouch: said };
}
