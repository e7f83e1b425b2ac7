import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { malformedArn } from "../../../doctor/eks/principal/malformed-arn.ts";
import type { DoctorEvidence, Observation } from "../../../doctor/evidence/evidence.ts";
import { awsAuth, groupsOf } from "./aws-auth-faults.ts";
import { ACCOUNT, entry, healthyBundle, healthyVouchBundle, ROLE_ARN } from "./bundle.ts";
import { edited } from "./kubeconfig-faults.ts";
import { mode } from "./mapping-faults.ts";
import { cluster } from "./network-faults.ts";
import type { RulePath } from "./test-rule.ts";

/** The same case, in a world where what the finding calls "Not the cause if" is so. */
type Counter = (bundle: DoctorEvidence) => DoctorEvidence;

type Changes = Partial<DoctorEvidence>;

const HEALTHY = healthyBundle();

/** These parts are as in the healthy bundle. */
function healthy(...parts: readonly (keyof DoctorEvidence)[]): Counter {
  return (bundle) => ({ ...bundle, ...Object.fromEntries(parts.map((part) => [part, HEALTHY[part]])) });
}

/** These parts are otherwise. */
function set(...changes: readonly Changes[]): Counter {
  return (bundle) => Object.assign({}, bundle, ...changes);
}

/** Fields of one part are otherwise. */
function fields(part: keyof DoctorEvidence, changes: object): Counter {
  return (bundle) => ({ ...bundle, [part]: { ...(bundle[part] as object | undefined), ...changes } });
}

/** AWS says who the caller is. */
const IDENTITY = healthy("callerIdentity");

const { pluginRun = assert.fail(), vouch = assert.fail() } = healthyVouchBundle();
const OUR_RUN = { pluginRun };
const SESSION = set({ vouch });

/** The plugin gives a token, and AWS says whose it is. */
const PLUGIN_WORKS: Counter = (bundle) => {
  const isOurs = JSON.stringify(bundle.kubeconfig).includes("authentication.k8s.io/v1\\n");
  return IDENTITY(isOurs ? { ...bundle, ...OUR_RUN } : healthy("pluginRun")(bundle));
};

/** The API server accepts the token. */
const ACCEPTED: Counter = ({ question, ...bundle }) =>
  healthy("apiServer", "selfSubjectReview", "accessReviews")(bundle);

/** `kubectl auth can-i` answers the attempt. */
function canI(allowed: boolean): Counter {
  return (bundle) => {
    const { path, ...attempt } = deriveFacts(bundle).attempt ?? {};
    const asked = path === undefined ? { resourceAttributes: attempt } : { nonResourceAttributes: { path } };
    return { ...bundle, accessReviews: [{ spec: asked, status: { allowed } }] };
  };
}

/** The call as it went in another way. */
function seen(differs: string, exitCode: 0 | 1, more: Partial<Observation> = {}): Counter {
  return (bundle) => {
    const { command = "kubectl get pods -n web", stderr = "" } = bundle.question ?? {};
    const outcome = exitCode === 0 ? {} : { stderr };
    return { ...bundle, otherObservations: [{ differs, command, exitCode, ...outcome, ...more }] };
  };
}

const fails = (differs: string, more?: Partial<Observation>) => seen(differs, 1, more);
const works = (differs: string, more?: Partial<Observation>) => seen(differs, 0, more);

/** Somebody with the caller's own role gets in, without an entry. */
const ROLE_GETS_IN: Counter = (bundle) => {
  const { principal, context } = deriveFacts(bundle);
  const callerIdentity = { Arn: principal?.arn ?? ROLE_ARN };
  return works("Ben, with the same role", { context: context?.name ?? "lab", callerIdentity })(bundle);
};

/** Somebody else gets in. */
const OTHER_GETS_IN = works("Ben", {
  context: "lab",
  callerIdentity: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Ops/ben` },
});

/** The caller, or this principal, has an entry for people. */
function hasEntry(arn?: string): Counter {
  return (bundle) => {
    const principalArn = arn ?? deriveFacts(bundle).principal?.canonicalArn ?? ROLE_ARN;
    return { ...bundle, accessEntries: { accessEntries: [principalArn] }, ...entry({ principalArn }) };
  };
}

/** Another command was tried, and refused with the same words. */
function refusedToo(change: (command: string) => string): Counter {
  return (bundle) => {
    const first = bundle.fixAttempts?.find(({ stderr }) => stderr !== undefined);
    const { command = "", stderr = "" } = first ?? bundle.question ?? {};
    const again = { command: change(command), exitCode: 254, stderr };
    return { ...bundle, fixAttempts: [...(bundle.fixAttempts ?? []), again] };
  };
}

/** `aws eks describe-cluster`, for the call that AWS denied. */
function deniedCommand(bundle: DoctorEvidence): string {
  const operation = deriveFacts(bundle).eksCall?.operation ?? "";
  return `aws eks ${operation.replaceAll(/(?<!^)[A-Z]/g, "-$&").toLowerCase()}`;
}

const OF_OWNER = { name: "owner-of-the-server", accepted: true };

const HEALTHY_KUBECONFIG = healthy("kubeconfig");

/**
 * For each rule that can be certain, its "Not the cause if" as evidence; or why no evidence can show it, so that it must follow from
 * what proves the cause that it is not so.
 */
export const COUNTER_EVIDENCE: { readonly [P in RulePath]?: Counter | string } = {
  "kubeconfig/kubeconfig-broken": HEALTHY_KUBECONFIG,
  "kubeconfig/kubeconfig-current-context": fields("question", { context: "lab" }),
  "kubeconfig/kubeconfig-missing-entry": HEALTHY_KUBECONFIG,
  "kubeconfig/kubeconfig-none": HEALTHY_KUBECONFIG,
  "kubeconfig/kubeconfig-outpost-cluster-id": ACCEPTED,
  "kubeconfig/kubeconfig-server-plain-http": ACCEPTED,
  "kubeconfig/kubeconfig-shadowed-entry": HEALTHY_KUBECONFIG,
  "kubeconfig/kubeconfig-static-token": ACCEPTED,
  "kubeconfig/plugin-cluster-name": ({ tokenNames, ...bundle }) => ({
    ...bundle,
    tokenNames: Array.isArray(tokenNames)
      ? [...tokenNames.map(({ name, accepted }) => ({ name, accepted: !accepted })), OF_OWNER]
      : [OF_OWNER],
  }),
  "kubeconfig/plugin-interactive-mode": set(
    edited(["command: aws", "command: aws\n      interactiveMode: Never"]),
  ),

  "kubeconfig/plugin-api-version": works("kubectl 1.36", { client: { name: "kubectl", version: "v1.36.0" } }),
  "plugin/plugin-crash": fields("execCommand", { version: "aws-cli/2.36.7" }),
  "plugin/plugin-not-found": healthy("execCommand"),
  "plugin/plugin-output": PLUGIN_WORKS,
  "plugin/plugin-policy-denied": fails("KUBERC=off", { environment: { PATH: "/usr/bin", KUBERC: "off" } }),
  "plugin/plugin-variables-turn-program": fails("without the variable", {
    environment: { PATH: "/usr/bin" },
  }),
  "plugin/plugin-version-mismatch": PLUGIN_WORKS,
  "plugin/vouch-change-unconfirmed": IDENTITY,
  "plugin/vouch-cluster-refused": set({
    fixAttempts: [{ command: "kubectl vouch setup eks lab", exitCode: 0 }],
  }),

  "credentials/aws-account-differs": hasEntry(),
  "credentials/aws-cached-role-outdated": healthy("role"),
  "credentials/aws-credential-helper-failed": PLUGIN_WORKS,
  "credentials/aws-credentials-expired": IDENTITY,
  "credentials/aws-credentials-invalid": IDENTITY,
  "credentials/aws-credentials-missing": PLUGIN_WORKS,
  "credentials/aws-instance-role": IDENTITY,
  "credentials/aws-keys-override-profile": IDENTITY,
  "credentials/aws-login-expired": IDENTITY,
  "credentials/aws-machine-credentials-failed": PLUGIN_WORKS,
  "credentials/aws-mfa-unanswered": PLUGIN_WORKS,
  "credentials/aws-profile-invalid": IDENTITY,
  "credentials/aws-program-too-old": fields("execCommand", { version: "aws-cli/2.36.7" }),
  "credentials/aws-profile-missing": set({
    awsConfig: { path: "/home/ada/.aws/config", text: "[profile dev]\n[profile ada-laptop]\n" },
  }),
  "credentials/aws-role-chaining-limit": IDENTITY,
  "credentials/aws-root-caller": set(
    awsAuth({ mapUsers: `- userarn: arn:aws:iam::${ACCOUNT}:root\n  username: root\n` }),
  ),
  "credentials/aws-sso-role-not-assigned": IDENTITY,
  "credentials/aws-sso-session-expired": IDENTITY,
  "credentials/aws-web-identity-file-missing": set({
    sourceFiles: [{ kind: "web-identity", path: "/var/run/secrets/token", state: "there" }],
  }),
  "credentials/client-terraform-identity": (bundle) => {
    const [Arn = ""] = /arn:aws:iam::\d+:role\/[\w/-]+/.exec(JSON.stringify(bundle.client)) ?? [];
    return { ...bundle, callerIdentity: { Arn } };
  },
  "credentials/client-terraform-runner": hasEntry(),
  "credentials/vouch-agent-read-only": fails("in a terminal of a person", {
    environment: { PATH: "/usr/bin" },
  }),
  "credentials/vouch-logged-out": fields("vouch", { loggedIn: true, sessionEnd: "2026-01-15T18:00:00Z" }),
  "credentials/vouch-server-unreachable": SESSION,
  "credentials/vouch-session-ended": SESSION,
  "credentials/vouch-session-expired": SESSION,

  "trust/sts-assume-role-denied": IDENTITY,
  "trust/sts-identity-token-refused": PLUGIN_WORKS,
  "trust/sts-region-inactive": IDENTITY,
  "trust/sts-role-assumes-itself": set({
    callerIdentity: {
      UserId: "AROAHUBHUBHUBHUBHUB12:ci",
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Hub/ci`,
    },
  }),
  "trust/sts-session-tags-denied": fields("role", {
    Role: {
      Arn: ROLE_ARN,
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/us.vouch.sh` },
            Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
          },
        ],
      },
    },
  }),
  "trust/sts-web-identity-denied": set({ role: { failed: "NoSuchEntity: The role cannot be found." } }),

  "token/aws-clock-skew": healthy("clocks"),
  "token/plugin-token-malformed": fields("token", { problems: [] }),
  "token/sts-endpoint-foreign": fields("token", { host: "sts.eu-west-1.amazonaws.com" }),
  "token/sts-signature-out-of-time": healthy("clocks"),
  "token/sts-token-too-long": fields("token", { bytes: 4096 }),

  "network/eks-cluster-not-found": set(cluster({ name: "Lab" })),
  "network/eks-cluster-not-ready": set(cluster({ status: "ACTIVE" })),
  "network/network-cluster-ca-differs": fields("network", {
    tls: { ok: false, error: "unable to verify the first certificate", issuer: "Example Corp Proxy CA" },
  }),
  "network/network-egress-not-allowed": (bundle) => {
    const [cidr = ""] = deriveFacts(bundle).cluster?.resourcesVpcConfig?.publicAccessCidrs ?? [];
    return fields("network", { egressAddress: cidr.replace(/\/\d+$/, "") })(bundle);
  },
  "network/network-endpoint-stale": fields("network", {
    dnsError: undefined,
    addresses: ["203.0.113.10"],
    tcp: "open",
    tls: { ok: true, issuer: "kubernetes" },
  }),
  "network/network-proxy-refuses": fails("without the proxy", { environment: { PATH: "/usr/bin" } }),
  "network/network-tls-inspected": fails("on a network without the proxy", {
    network: {
      host: "0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
      port: 443,
      tcp: "open",
      tls: { ok: false, error: "self-signed certificate", issuer: "Example Corp Proxy CA" },
    },
  }),
  "network/network-tunnel-name": fails("with tls-server-name", {
    command: "kubectl get pods -n web --tls-server-name kubernetes",
  }),

  "mode/eks-mode-config-map": set(mode("API_AND_CONFIG_MAP")),
  "mode/eks-mode-ignores-aws-auth": hasEntry(),
  "mode/eks-mode-step-refused": refusedToo((command) =>
    command.replace(/authenticationMode=API$/, "authenticationMode=API_AND_CONFIG_MAP"),
  ),
  "mode/eks-nobody-mapped": (bundle) => {
    const creator = bundle.clusterCreator;
    return creator !== undefined && "Arn" in creator ? hasEntry(creator.Arn)(bundle) : OTHER_GETS_IN(bundle);
  },
  "mode/eks-platform-too-old": set(cluster({ version: "1.33", platformVersion: "eks.10" })),

  "mapping/aws-auth-arn-malformed": (bundle) => {
    const { awsAuthView, principal } = deriveFacts(bundle);
    const line = awsAuthView?.entries.find(({ arn }) => malformedArn(arn, principal?.partition));
    return { ...bundle, role: { Role: { Arn: line?.arn ?? assert.fail() } } };
  },
  "mapping/aws-auth-duplicate": set(groupsOf("Dev:ada-example.com", "system:masters")),
  "mapping/aws-auth-entry-keys": ROLE_GETS_IN,
  "mapping/aws-auth-entry-missing": (bundle) => ({
    ...bundle,
    clusterCreator: { Arn: deriveFacts(bundle).principal?.arn ?? ROLE_ARN, source: "cloudtrail" },
  }),
  "mapping/aws-auth-glued-groups": set({
    rbac: {
      items: [
        {
          kind: "ClusterRoleBinding",
          metadata: { name: "devs" },
          roleRef: { kind: "ClusterRole", name: "view" },
          subjects: [{ kind: "Group", name: "developers - deployers" }],
        },
      ],
    },
  }),
  "mapping/aws-auth-map-accounts": set(groupsOf(ROLE_ARN, "ops")),
  "mapping/aws-auth-node-lines": "no part of the evidence has nodes",
  "mapping/aws-auth-node-template": "no part of the evidence has the authenticator's log",
  "mapping/aws-auth-not-a-principal": ROLE_GETS_IN,
  "mapping/aws-auth-role-path": ROLE_GETS_IN,
  "mapping/aws-auth-section-case": ROLE_GETS_IN,
  "mapping/aws-auth-session-arn": ROLE_GETS_IN,
  "mapping/aws-auth-syntax": ROLE_GETS_IN,
  "mapping/aws-auth-user-path": (bundle) => {
    const [Arn = ""] =
      deriveFacts(bundle)
        .awsAuthView?.entries.map(({ arn }) => arn)
        .slice(-1) ?? [];
    return { ...bundle, user: { User: { Arn } } };
  },
  "mapping/eks-access-entry-exists": set({
    accessEntries: { accessEntries: [] },
    accessEntryDetails: [],
  }),
  "mapping/eks-access-entry-flapping": hasEntry(),
  "mapping/eks-access-entry-missing": hasEntry(),
  "mapping/eks-access-entry-name-reserved": refusedToo((command) =>
    command.replace(/ --kubernetes-groups .*/, ""),
  ),
  "mapping/eks-access-entry-overrides-aws-auth": set(groupsOf("dev:ada-example.com", "system:masters")),
  "mapping/eks-access-entry-principal-invalid": (bundle) =>
    refusedToo((command) => command.replace(/--principal-arn \S+/, `--principal-arn ${ROLE_ARN}`))(
      healthy("role")(bundle),
    ),
  "mapping/eks-access-entry-stale": (bundle) => ({
    ...bundle,
    role: {
      Role: {
        Arn: deriveFacts(bundle).principal?.canonicalArn ?? ROLE_ARN,
        RoleId: deriveFacts(bundle).principal?.uniqueId ?? "AROA",
        CreateDate: "2019-01-01T00:00:00Z",
      },
    },
  }),
  "mapping/eks-access-entry-type": hasEntry(),
  "mapping/eks-access-entry-without-rights": canI(true),
  "mapping/eks-oidc-login": fails("Ben, who logs in through IAM", { callerIdentity: { Arn: ROLE_ARN } }),
  "mapping/eks-permission-set-renewed": hasEntry(),

  "authorization/client-helm-rights": canI(true),
  "authorization/policy-association": "no part of the evidence has the list of access policies",
  "authorization/policy-cluster-scope": canI(true),
  "authorization/policy-console-access-denied": fails("kubectl", {
    command: "kubectl get pods",
    stderr: "Unauthorized",
  }),
  "authorization/policy-custom-resource": canI(true),
  "authorization/policy-eks-api-denied": (bundle) => ({
    ...bundle,
    fixAttempts: [{ command: deniedCommand(bundle), exitCode: 0 }],
  }),
  "authorization/policy-escalation":
    "the API server itself says that RBAC does not hold these rights, and no part has what can-i --list says",
  "authorization/policy-impersonation": canI(false),
  "authorization/policy-pass-role-denied": refusedToo((command) => command.replace(/--type \S+/, "")),
  "authorization/policy-scope-namespace": canI(true),
  "authorization/policy-scope-wildcard": canI(true),
  "authorization/policy-secrets": canI(true),
  "authorization/policy-tooling": canI(true),
  "authorization/rbac-binding-namespace": canI(true),
  "authorization/rbac-group-arn": canI(true),
  "authorization/rbac-group-unbound": canI(true),
  "authorization/rbac-oidc-prefix": canI(true),
  "authorization/rbac-role-missing": canI(true),
  "authorization/rbac-rule-gap": canI(true),
  "authorization/rbac-subject-kind": canI(true),
  "authorization/rbac-user-session": canI(true),

  "plugin/client-gui-environment": fails("started from a terminal", {
    client: { name: "lens", graphical: false },
  }),
  "client/client-ignores-exec": fails("kubectl", {
    command: "kubectl get pods -n web",
    client: { name: "kubectl" },
  }),
  "client/client-no-exec-info": fails("a newer client", { client: { name: "helm", version: "v3.19.0" } }),
  "client/client-terraform-creator": "no part of the evidence has earlier runs",
  "client/client-terraform-token": fields("client", { runSeconds: 60 }),
  "client/client-token-and-exec": fields("client", { runSeconds: 60 }),
  "client/client-token-outlived": fields("client", { runSeconds: 60 }),
};
