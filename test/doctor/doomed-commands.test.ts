import assert from "node:assert/strict";
import type { Finding } from "../../doctor/check/run-rule.ts";
import { isMissingProfile } from "../../doctor/derive/identity/aws-profile-chain.ts";
import { isMissingRole } from "../../doctor/derive/identity/principal-arn.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../../doctor/evidence/evidence.ts";
import type { Fix } from "../../doctor/fixes/fix.ts";
import { commandsOf } from "../../doctor/fixes/render-fix.ts";
import type { Run } from "../../token/command/command.ts";
import { renderCommand } from "../../token/command/render-command.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import { REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { awsConfig } from "./support/bundle.ts";
import { FAULTS } from "./support/faults.ts";
import { runsOf, saidOf } from "./support/printed-commands.ts";

type Part =
  | "cluster"
  | "clusters"
  | "accessEntries"
  | "accessEntryDetails"
  | "associatedPolicies"
  | "role"
  | "awsAuth";

/** The part of the evidence that a command asks for: who was refused that is refused the command. */
const ASKS: Readonly<Record<string, Part>> = {
  "aws eks describe-cluster": "cluster",
  "aws eks update-kubeconfig": "cluster",
  "kubectl vouch setup eks": "cluster",
  "aws eks list-clusters": "clusters",
  "aws eks list-access-entries": "accessEntries",
  "aws eks describe-access-entry": "accessEntryDetails",
  "aws eks list-associated-access-policies": "associatedPolicies",
  "aws iam get-role": "role",
  "kubectl get configmap aws-auth": "awsAuth",
};

const DENIED = /AccessDenied|not authorized|forbidden/i;

const OTHER_ROLE = { Arn: "arn:aws:iam::111122223333:role/Other", RoleId: "AROAOTHER", CreateDate: 0 };

/** Each fault as others see it, and where other things exist than the commands might take for granted. */
function views(bundle: DoctorEvidence): readonly DoctorEvidence[] {
  return [
    bundle,
    seenBy(bundle, REFUSED_TO_DEVELOPERS),
    seenBy(bundle, REFUSED_TO_THE_BLIND),
    { ...bundle, roles: { Roles: [OTHER_ROLE] } },
    {
      ...bundle,
      clusters: { clusters: ["prod", "stage"] },
      cluster: { failed: "ResourceNotFoundException: …" },
    },
    { ...bundle, clusters: { clusters: [] }, cluster: { failed: "ResourceNotFoundException: …" } },
    { ...bundle, ...awsConfig("[profile ops]\nregion = eu-west-1\n") },
    ofCli1(bundle),
  ];
}

const CLI_1 = "aws-cli/1.45.11 Python/3.11.7 Linux/6.18 botocore/1.43.11";

function ofCli1(bundle: DoctorEvidence): DoctorEvidence {
  const found = knownValue(bundle.execCommand);
  return found?.version?.startsWith("aws-cli/") === true
    ? { ...bundle, execCommand: { ...found, version: CLI_1 } }
    : bundle;
}

/** Commands that AWS CLI 1 does not have. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
const CLI_2 = /\baws (?:login|sso login|configure (?:sso|list-profiles|export-credentials))\b/;

/** The names of bindings that the doctor's fixes would take. */
const TAKEN = ["view", "edit", "admin", "dev", "veiwer"].flatMap((name) => [
  { kind: "RoleBinding", metadata: { name: `vouch-${name}`, namespace: "web" } },
  { kind: "ClusterRoleBinding", metadata: { name: `vouch-${name}` } },
]);

/** The same, where what the fixes make is there already, or where they would make it is nothing. */
function clusters(bundle: DoctorEvidence): readonly DoctorEvidence[] {
  const items = knownValue(bundle.rbac)?.items ?? [];
  return [
    { ...bundle, rbac: { items: [...items, ...TAKEN] } },
    { ...bundle, namespaces: { items: [{ metadata: { name: "default" } }] } },
    { ...bundle, awsAuth: null },
  ];
}

describe("a command of a fix", () => {
  const cases = FAULTS.flatMap(({ bundle }) => [...views(bundle), ...clusters(bundle)]).map((bundle) => ({
    bundle,
    said: saidOf(bundle),
  }));

  /** What is wrong with any command, and the command. */
  function faultsOf(judge: (run: Run, of: Judged) => boolean): string[] {
    return cases.flatMap(({ bundle, said: { diagnosis } }) =>
      [...diagnosis.rootCauses, ...diagnosis.warnings].flatMap((finding) =>
        finding.fixes.flatMap((fix) =>
          runsIn(fix)
            .filter((run) => judge(run, { bundle, finding, fix }))
            .map((run) => `${finding.code}: ${lineOf(run)}`),
        ),
      ),
    );
  }

  it("names no profile that does not exist, unless it makes it", () => {
    const found = faultsOf((run, { bundle, fix }) => {
      const profile = profileIn(run);
      const isMade = runsIn(fix).some(
        ({ verb, options }) => /^configure(?: sso)?$/.test(verb.join(" ")) && options["profile"] === profile,
      );
      const isUse = !run.verb.includes("configure") && profile !== "PROFILE" && !isMade;
      return profile !== undefined && isUse && isMissingProfile(bundle, profile);
    });
    assert.deepEqual(found, []);
  });

  it("names no role that does not exist", () => {
    const found = faultsOf((run, { bundle }) => {
      const role = run.options["role-arn"] ?? run.options["role"];
      return typeof role === "string" && isMissingRole(bundle, role);
    });
    assert.deepEqual(found, []);
  });

  it("writes no context for a cluster that EKS does not have", () => {
    const found = faultsOf((run, { bundle, fix }) => {
      const name = run.options["name"] ?? run.options["cluster"];
      const writes = /update-kubeconfig|setup eks/.test(run.verb.join(" "));
      const isElsewhere = fix.description.includes("a different account or region");
      const list = knownValue(bundle.clusters)?.clusters;
      const isThere = name === "CLUSTER" || list === undefined || list.includes(String(name));
      return writes && !isElsewhere && !isThere && knownValue(bundle.cluster) === undefined;
    });
    assert.deepEqual(found, []);
  });

  it("makes no binding of a name that is taken, and none in a namespace that there is not", () => {
    const found = faultsOf((run, { bundle, fix }) => {
      const [verb, kind] = run.verb;
      const { n: namespace } = run.options;
      const [name] = run.operands;
      if (verb !== "create" || !/^(?:cluster)?rolebinding$/.test(kind ?? "")) return false;
      const before = runsIn(fix).map(lineOf);
      const isTaken = (knownValue(bundle.rbac)?.items ?? []).some(
        ({ kind: of, metadata }) =>
          of.toLowerCase() === kind && metadata.name === name && metadata.namespace === namespace,
      );
      const list = knownValue(bundle.namespaces)?.items;
      const isNowhere =
        namespace !== undefined && list?.some(({ metadata }) => metadata.name === namespace) === false;
      return (
        (isTaken && !before.some((line) => line.startsWith("kubectl delete"))) ||
        (isNowhere && !before.includes(`kubectl create namespace ${namespace}`))
      );
    });
    assert.deepEqual(found, []);
  });

  it("changes no ConfigMap aws-auth where there is none", () => {
    const found = faultsOf(
      (run, { bundle }) =>
        bundle.awsAuth === null && /(?:get|patch|edit) configmap.*aws-auth/.test(lineOf(run)),
    );
    assert.deepEqual(found, []);
  });

  it("is none of AWS CLI 2 where version 1 is installed, unless 2 is to be installed first", () => {
    const found = cases.flatMap(({ bundle, said }) => {
      if (knownValue(bundle.execCommand)?.version !== CLI_1) return [];
      return [...said.diagnosis.rootCauses, ...said.diagnosis.warnings].flatMap((finding) => [
        ...finding.fixes
          .filter(({ actions = [] }) => !JSON.stringify(actions).includes("getting-started-install"))
          .flatMap((fix) => runsIn(fix).map(lineOf)),
        sentenceText(finding.falsifiedBy, "bash"),
      ]);
    });
    assert.deepEqual(
      found.filter((line) => CLI_2.test(line)),
      [],
    );
  });

  /** EKS sets what is left out to its default. Source: doctor/EKS-ACCESS.md, "Access entries". */
  it("names both fields of an access entry that it updates, as the entry has them where that is known", () => {
    let updates = 0;
    const found = faultsOf((run, { bundle }) => {
      if (run.verb.join(" ") !== "eks update-access-entry") return false;
      updates += 1;
      const { username, "kubernetes-groups": groups, "principal-arn": arn } = run.options;
      const details = knownValue(bundle.accessEntryDetails) ?? [];
      const entry = details.find(({ accessEntry }) => accessEntry.principalArn === arn)?.accessEntry;
      return groups === undefined || username !== (entry?.username ?? "EXISTING_USERNAME");
    });
    assert.deepEqual(found, []);
    assert.ok(updates > 0);
  });

  it("asks nothing again of whoever was refused just that, unless it is allowed first", () => {
    const found = faultsOf((run, { bundle, finding, fix }) => {
      const [, part] = Object.entries(ASKS).find(([command]) => lineOf(run).startsWith(command)) ?? [];
      const before = JSON.stringify(finding.fixes.slice(0, finding.fixes.indexOf(fix)));
      const isAllowed = part === "cluster" && before.includes("eks:DescribeCluster");
      return (
        fix.audience === "you" &&
        part !== undefined &&
        !isAllowed &&
        DENIED.test(failureOf(bundle[part]) ?? "")
      );
    });
    assert.deepEqual(found, []);
  });
});

interface Judged {
  readonly bundle: DoctorEvidence;
  readonly finding: Finding;
  readonly fix: Fix;
}

function runsIn({ actions = [] }: Fix): Run[] {
  return actions.flatMap((action) => (action.kind === "document" ? [] : commandsOf(action).flatMap(runsOf)));
}

function lineOf(run: Run): string {
  const rendered = renderCommand(run, "bash");
  return "line" in rendered ? rendered.line : rendered.unprintable;
}

/** In an option of its own, in the exec block's variables, or in its arguments. */
function profileIn(run: Run): string | undefined {
  const { profile } = run.options;
  if (typeof profile === "string") return profile;
  const line = lineOf(run);
  return (
    /--exec-env=AWS_PROFILE=(\S+)/.exec(line)?.[1] ?? /--exec-arg=--profile --exec-arg=(\S+)/.exec(line)?.[1]
  );
}
