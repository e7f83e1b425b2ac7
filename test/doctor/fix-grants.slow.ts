import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import type { CauseId } from "../../doctor/check/cause-ids.ts";
import { diagnose, type RootCause } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import type { Action, Fix } from "../../doctor/fixes/fix.ts";
import { commandsOf } from "../../doctor/fixes/render-fix.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import type { Cluster } from "../lab/model.ts";
import { ALL_FAULTS } from "./support/all-faults.ts";
import { askedInEachWay, type Tried, triedIn } from "./support/asked-ways.ts";
import { carryOut } from "./support/carry-out.ts";
import { denials } from "./support/denials.ts";
import { clusterOf, type Subject, subjectOf, userIn } from "./support/evidence-cluster.ts";
import {
  allowedTo,
  byRule,
  bySmallestPolicy,
  bySmallestRole,
  grantsOf,
  othersIn,
  probesAround,
  sayProbe,
} from "./support/granted.ts";
import { runsOf } from "./support/printed-commands.ts";
import { VARIANTS } from "./support/variants.ts";

/** Ways behind the first that may grant more than was tried, and why; what others gain must be said all the same. */
const SECOND_WAYS: Partial<Record<CauseId, string>> = {
  R1: "what the binding gives that spells the group otherwise",
  R2: "what the binding gives, where it gives it",
  R3: "what the binding gives, where it gives it",
  R5: "the role comes into being under the name that the binding has",
  R6: "what the binding gives, where it gives it",
  R8: "what the binding gives, where it gives it",
  R10: "what the binding gives, where it gives it",
};

/** First ways that may do so. */
const FIRST_WAYS: Partial<Record<CauseId, string>> = {
  E11: "aws-auth gives system:masters, which an entry can only have as ClusterAdmin",
  T2: "helm writes releases and the objects of charts; which ones, no denial says",
};

/** Whose fixes make a mapping again, with what it had: whether that is enough for what was tried is another question. */
const MAPPED_AGAIN: Partial<Record<CauseId, string>> = {
  E3: "the entry of the role before",
  E4: "the entry or line of the role before",
  E12: "the entry of the name before",
  E11: "the line that the entry hides",
  M2: "the line that the mode ignores",
};

/** Where somebody becomes an administrator of the whole cluster. */
const ADMINISTRATORS: Partial<Record<CauseId, string>> = {
  L16: "root made the cluster, and no role administers it yet: a role that the reader chooses",
  M4: "nobody administers the cluster: a principal that the reader chooses",
  M5: "the same, or the creator, who was its administrator",
  E3: "the entry of the role before",
  E8: "the command asks for system:masters, which an entry cannot have",
  E11: "aws-auth gives system:masters",
  M2: "the line that the mode ignores gives system:masters",
  T7: "the runner that manages the cluster",
};

/** Values that a person must fill in first. */
const PLACEHOLDER =
  /\b(?:EXISTING_\w+|PRINCIPAL_ARN|POLICY_ARN|ADMIN_ARN|ROLE_ARN|NODE_ROLE_ARN|role\/ROLE|NAMESPACE)\b/;

/** Changes what somebody may do in the cluster. */
function changesAccess({ actions = [] }: Fix): boolean {
  return actions.some((action) => {
    if (action.kind === "document") return false;
    if (/access-entry$|^associate-access-policy$|^create-binding$/.test(action.kind)) return true;
    const runs = commandsOf(action).flatMap(runsOf);
    return runs.some(({ verb, options }) => {
      const isTried = options["dry-run"] !== undefined;
      return (
        !isTried &&
        /^(?:patch configmap|apply|create (?:cluster)?role|create iamidentitymapping|eks update-access-entry)/.test(
          verb.join(" "),
        )
      );
    });
  });
}

/** `Then delete the old access entry.` */
function isNoAfterthought({ description }: Fix): boolean {
  return !/^(?:Then|And) /.test(sentenceText(description, "bash"));
}

/** Corrects an aws-auth mapping, and does not grant a role. */
function isLineFix({ actions = [] }: Fix): boolean {
  return actions.every((action) => action.kind === "write-file" || action.kind === "run");
}

/** Each way out: what begins with "Or" is another one. */
function waysOut(fixes: readonly Fix[]): Fix[][] {
  const ways: Fix[][] = [];
  for (const fix of fixes) {
    const isOther = /^Or\b/.test(sentenceText(fix.description, "bash"));
    if (isOther || ways.length === 0) ways.push([fix]);
    else ways.at(-1)?.push(fix);
  }
  return ways.map((way) => way.filter(changesAccess)).filter((way) => way.length > 0);
}

function actionsOf(fixes: readonly Fix[]): readonly Action[] {
  return fixes.flatMap(({ actions = [] }) => actions);
}

function firstCause(bundle: DoctorEvidence): RootCause | undefined {
  return diagnose(RULES, deriveFacts(bundle)).rootCauses[0];
}

interface Asked {
  readonly cluster: Cluster;
  readonly subject: Subject;
  readonly tried: Tried;
}

/** What is wrong with a way out: by kind, and in words. */
type Fault = readonly [kind: keyof typeof FAULTS, words: string];

const FAULTS = {
  differs: "the three ways of asking give other grants",
  "cannot be done": "a step cannot be carried out",
  "does not cure": "what was tried is denied still",
  more: "the caller gets more than was tried",
  loses: "the caller loses something",
  others: "others gain something, and nothing says so",
  superfluous: "a step is another way, and not marked so",
} as const;

function* faultsOf(
  way: readonly Fix[],
  { cluster, subject, tried }: Asked,
  { cause, mayBeMore }: { readonly cause: CauseId; readonly mayBeMore: boolean },
): Generator<Fault> {
  const said = way.map(({ description }) => sentenceText(description, "bash")).join(" + ");
  const probes = probesAround(tried.request);
  const wanted = sayProbe(tried.request);
  const allowed = (state: Cluster) => allowedTo(userIn(state, subject), state, probes);
  const after = structuredClone(cluster);
  try {
    for (const fix of way) carryOut(fix, after);
  } catch (error) {
    yield ["cannot be done", `${(error as Error).message}: ${said}`];
    return;
  }
  const [before, now] = [allowed(cluster), allowed(after)];
  const kinds = actionsOf(way).map(({ kind }) => kind);
  const had = grantsOf(cluster);
  const isMappedAgain =
    (cause in MAPPED_AGAIN || way.every(isLineFix)) &&
    grantsOf(after, userIn(after, subject)).every((grant) => had.includes(grant));
  if (!now.has(wanted) && !(isMappedAgain && userIn(after, subject) !== undefined))
    yield ["does not cure", said];
  const anybody = allowedTo(
    { username: "anybody", groups: ["system:authenticated"], extra: {} },
    cluster,
    probes,
  );
  const enough = new Set([
    ...before,
    ...anybody,
    ...byRule(tried.request, probes),
    ...((kinds.includes("associate-access-policy") && bySmallestPolicy(tried.request, probes)) || []),
    ...((kinds.includes("create-binding") && bySmallestRole(tried.request, probes, cluster)) || []),
  ]);
  const more = [...now].filter((probe) => !enough.has(probe));
  if (more.length > 0 && !mayBeMore && !isMappedAgain)
    yield ["more", `${more.length}, ${more.slice(0, 3).join(", ")}: ${said}`];
  const lost = [...before].filter((probe) => !now.has(probe));
  if (lost.length > 0) yield ["loses", `${lost.slice(0, 3).join(", ")}: ${said}`];
  for (const other of othersIn(cluster, userIn(cluster, subject))) {
    const had = allowedTo(other, cluster, probes);
    const gained = [...allowedTo(other, after, probes)].filter((probe) => !had.has(probe));
    const isSaid = / gets? it too|; another session | bound to it/.test(said);
    // Nobody else is in it, as far as the cluster itself puts people into groups.
    const isEmpty =
      said.includes("no other access entry or aws-auth mapping") && !/oidc:/.test(other.groups[0] ?? "");
    if (gained.length > 0 && !isSaid && !isEmpty)
      yield ["others", `${other.groups[0]}, ${gained.slice(0, 3).join(", ")}: ${said}`];
  }
  for (const fix of way.length > 1 && now.has(wanted) ? way.filter(isNoAfterthought) : []) {
    const less = structuredClone(cluster);
    for (const other of way) if (other !== fix) carryOut(other, less);
    if (allowed(less).has(wanted)) yield ["superfluous", said];
  }
}

/** The faults whose fixes change access, as they are or because somebody asks in another way. */
const CASES = [...ALL_FAULTS, ...VARIANTS].flatMap(({ row, name, bundle }) => {
  const { status } = { status: undefined, ...(bundle.apiServer as { readonly status?: number } | undefined) };
  const isOfKubectl = /^(?:kubectl|helm|$)/.test(bundle.question?.command ?? "");
  if ((status !== 401 && status !== 403) || !isOfKubectl) return [];
  if (!firstCause(bundle)?.fixes.some(changesAccess)) return [];
  return [{ name: `${row}${name}`, bundle }];
});

describe("what a printed fix grants", () => {
  const found = new Map<Fault[0], string[]>();
  let judged = 0;

  const note = (where: string, [kind, words]: Fault) =>
    found.set(kind, [...(found.get(kind) ?? []), `${where}: ${words}`]);

  before(() => {
    for (const { name, bundle } of CASES)
      for (const tried of triedIn(bundle.question?.attempt?.namespace ?? "web"))
        for (const fault of judge(bundle, tried)) note(`${name}, ${tried.for}`, fault);
    for (const [index, { bundle, attempt: request }] of denials(5, 300).entries()) {
      const asked = {
        cluster: clusterOf(bundle),
        subject: subjectOf(bundle),
        tried: { command: "", for: "", request },
      };
      for (const fault of judgeFixes(firstCause(bundle), asked)) note(`denial ${index}`, fault);
    }
  });

  function* judge(bundle: DoctorEvidence, tried: Tried): Generator<Fault> {
    const [cluster, subject] = [clusterOf(bundle), subjectOf(bundle)];
    const roots = askedInEachWay(bundle, { cluster, subject }, tried)?.map(
      ([way, asked]) => [way, firstCause(asked)] as const,
    );
    if (roots === undefined) return;
    const grants = roots.map(([, root]) =>
      JSON.stringify(actionsOf(root?.fixes.filter(changesAccess) ?? [])),
    );
    if (new Set(grants).size > 1)
      yield [
        "differs",
        roots.map(([way, root], index) => `${way} ${root?.cause} ${grants[index]}`).join("\n    "),
      ];
    yield* judgeFixes(roots[0]?.[1], { cluster, subject, tried });
  }

  function* judgeFixes(root: RootCause | undefined, asked: Asked): Generator<Fault> {
    for (const [index, way] of waysOut(root?.fixes ?? []).entries()) {
      if (root === undefined || PLACEHOLDER.test(JSON.stringify(actionsOf(way)))) continue;
      judged += 1;
      const reasons = index === 0 ? FIRST_WAYS : { ...FIRST_WAYS, ...SECOND_WAYS };
      for (const [kind, words] of faultsOf(way, asked, {
        cause: root.cause,
        mayBeMore: root.cause in reasons,
      }))
        yield [kind, `${root.cause} ${words}`];
    }
  }

  for (const [kind, what] of Object.entries(FAULTS))
    it(`is right: never ${what}`, () => {
      assert.deepEqual(found.get(kind as Fault[0]) ?? [], []);
    });

  it("is judged for hundreds of ways out", () => {
    process.stdout.write(`      ${CASES.length} faults, ${judged} ways out\n`);
    assert.ok(judged > 400, `${judged}`);
  });

  it("makes nobody an administrator of the cluster who only asked", () => {
    const made = [...ALL_FAULTS, ...VARIANTS].flatMap(({ bundle }) =>
      diagnose(RULES, deriveFacts(bundle)).rootCauses.flatMap(({ cause, fixes }) =>
        actionsOf(fixes).flatMap((action) => {
          const isPolicy =
            action.kind === "associate-access-policy" &&
            action.policyArn.endsWith("/AmazonEKSClusterAdminPolicy");
          const isRole = action.kind === "create-binding" && action.role.name === "cluster-admin";
          return isPolicy || isRole ? [cause] : [];
        }),
      ),
    );
    assert.deepEqual([...new Set(made)].sort(), Object.keys(ADMINISTRATORS).sort());
  });
});
