import assert from "node:assert/strict";
import type { Finding } from "../../doctor/check/run-rule.ts";
import { isOtherPrincipal } from "../../doctor/derive/failure/symptom.ts";
import type { DoctorEvidence, Question } from "../../doctor/evidence/evidence.ts";
import type { DoctorReport } from "../../doctor/report/report-schema.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import { ACCOUNT, healthyBundle } from "./support/bundle.ts";
import { FAULTS } from "./support/faults.ts";
import { mode } from "./support/mapping-faults.ts";
import { saidOf } from "./support/printed-commands.ts";
import { reportOn } from "./support/report-case.ts";

/** Whom an administrator may ask about; none of them is the caller of any fault. */
const PRINCIPALS = {
  "the root user of another account": "arn:aws:iam::123456789012:root",
  "the root user of this account": `arn:aws:iam::${ACCOUNT}:root`,
  "a user with a path": `arn:aws:iam::${ACCOUNT}:user/team/ops/zoe`,
  "a session of another role": `arn:aws:sts::${ACCOUNT}:assumed-role/Zebra/zoe`,
  "a colleague's session of the caller's role": `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/zoe`,
  "a federated user": `arn:aws:sts::${ACCOUNT}:federated-user/zoe`,
} as const;

/** A fault of the caller's own, about whom nothing was asked; how their own call failed is not said of others. */
function askedAbout(bundle: DoctorEvidence, principal: string): DoctorEvidence {
  const { attempt, context, namespace }: Question = bundle.question ?? {};
  return {
    ...bundle,
    question: {
      principal,
      ...(attempt && { attempt }),
      ...(context && { context }),
      ...(namespace && { namespace }),
    },
  };
}

/** The faults of callers who are somebody else. */
function ofOthers(principal: string) {
  return FAULTS.map(({ row, bundle }) => ({ row, bundle: askedAbout(bundle, principal) })).filter(
    ({ bundle }) => isOtherPrincipal({ evidence: bundle }),
  );
}

/** Without all that is seen of the caller alone. */
function withoutCaller(bundle: DoctorEvidence): DoctorEvidence {
  const {
    environment: _1,
    awsConfig: _3,
    awsCredentials: _4,
    execCommand: _5,
    pluginRun: _6,
    token: _7,
    tokenNames: _8,
    clocks: _9,
    vouch: _10,
    network: _11,
    apiServer: _12,
    selfSubjectReview: _13,
    accessReviews: _14,
    ...rest
  } = bundle;
  return rest;
}

const about = ({ cause, confidence }: Finding) => `${cause} ${confidence}`;

function verdict(bundle: DoctorEvidence): readonly string[] {
  return saidOf(bundle).diagnosis.rootCauses.map(about);
}

/** What says who the caller of these bundles is. */
const OF_ADA = /\bada\b|EKSGetTokenAuth|\/home\/ada/;

for (const [who, principal] of Object.entries(PRINCIPALS))
  describe(`a question about ${who}`, () => {
    it("has the same verdict without what is known of the caller", () => {
      const asked = ofOthers(principal);
      assert.deepEqual(
        asked.map(({ row, bundle }) => [row, verdict(bundle)]),
        asked.map(({ row, bundle }) => [row, verdict(withoutCaller(bundle))]),
      );
    });

    it("is never answered by a fault of the caller's kubeconfig, plugin, token or network", () => {
      const wrong = ofOthers(principal).flatMap(({ row, bundle }) =>
        saidOf(bundle)
          .diagnosis.rootCauses.filter(
            ({ stage, cause }) =>
              ["kubeconfig", "plugin", "trust", "token"].includes(stage) ||
              (stage === "credentials" && cause !== "L16") ||
              // That the cluster is not there, or not ready, is so for everybody.
              (stage === "network" && !["N10", "N11"].includes(cause)),
          )
          .map((finding) => `${row}: ${about(finding)}`),
      );
      assert.deepEqual(wrong, []);
    });

    it("repeats nothing of who the caller is", () => {
      const leaks = ofOthers(principal).flatMap(({ row, bundle }) =>
        saidOf(bundle).diagnosis.rootCauses.flatMap(({ summary, evidence, falsifiedBy }) =>
          [summary, ...evidence, falsifiedBy]
            .map((words) => sentenceText(words, "bash"))
            // What the cluster itself says of others, as in a line of aws-auth.
            .filter((words) => OF_ADA.test(words) && !/aws-auth|Binding|entr(?:y|ies)|CloudTrail/.test(words))
            .map((words) => `${row}: ${words}`),
        ),
      );
      assert.deepEqual(leaks, []);
    });
  });

describe("a question about somebody else", () => {
  const ask = (principal: string, authenticationMode = "API"): DoctorReport =>
    reportOn(healthyBundle({ ...mode(authenticationMode), question: { principal } }));
  const first = (report: DoctorReport) => {
    const [{ cause, confidence, summary, fixes } = assert.fail("no cause was found")] = report.rootCauses;
    return {
      said: `${cause} ${confidence}: ${summary}`,
      commands: fixes.flatMap(({ commands }) => commands),
    };
  };

  it("says of root that nobody lets it in, and makes an entry for a role", () => {
    const { said, commands } = first(ask(PRINCIPALS["the root user of another account"]));
    assert.equal(
      said,
      "L16 certain: arn:aws:iam::123456789012:root is the root user of account 123456789012, which does not have access to the cluster.",
    );
    assert.match(commands.join("\n"), /--principal-arn arn:aws:iam::123456789012:role\/ROLE\b/);
    assert.doesNotMatch(commands.join("\n"), /:root\b/);
  });

  it("compares a user with the path that was asked for", () => {
    const { said, commands } = first(ask(PRINCIPALS["a user with a path"]));
    assert.equal(
      said,
      `E1 certain: Cluster lab does not have an access entry for ${PRINCIPALS["a user with a path"]}.`,
    );
    assert.match(commands.join("\n"), /--principal-arn arn:aws:iam::111122223333:user\/team\/ops\/zoe\b/);
  });

  it("leaves the entries of service-linked roles to AWS", () => {
    const principal = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`;
    const { said, commands } = first(ask(principal));
    assert.match(said, /^E1 certain: /);
    assert.deepEqual(commands, []);
  });

  it("holds a session against its role", () => {
    const { said } = first(ask(PRINCIPALS["a session of another role"]));
    assert.equal(
      said,
      "E1 certain: Cluster lab does not have an access entry for arn:aws:iam::111122223333:role/Zebra.",
    );
  });

  it("says of a federated user that there can be no entry", () => {
    for (const name of ["API", "API_AND_CONFIG_MAP"]) {
      const { said, commands } = first(ask(PRINCIPALS["a federated user"], name));
      assert.match(said, /^E1 certain: \S+:federated-user\/zoe cannot have an access entry in cluster lab/);
      assert.doesNotMatch(commands.join("\n"), /create-access-entry.*federated-user/);
    }
    const { said, commands } = first(ask(PRINCIPALS["a federated user"], "CONFIG_MAP"));
    assert.match(said, /^A1 likely: aws-auth does not map \S+:federated-user\/zoe/);
    assert.doesNotMatch(commands.join("\n"), /create-access-entry.*federated-user/);
  });

  it("says whom the mapping makes of them, not whom the cluster takes the caller for", () => {
    const { bundle } = FAULTS.find(({ row }) => row === "R1") ?? assert.fail();
    const principal = PRINCIPALS["a colleague's session of the caller's role"];
    const [root] = saidOf(askedAbout(bundle, principal)).diagnosis.rootCauses;
    assert.equal(root?.cause, "R1");
    assert.ok(
      root.evidence.includes(
        `The question is about ${principal}, which is mapped to user "${principal}" in groups developers, system:authenticated.`,
      ),
      root.evidence.join("\n"),
    );
  });

  it("proves no link but the cluster's mode by what the caller can do, and asks for the other one's words", () => {
    const report = ask(PRINCIPALS["a colleague's session of the caller's role"]);
    assert.deepEqual(report.rootCauses, []);
    assert.deepEqual(
      report.chain.filter(({ state }) => state !== "unseen").map(({ stage }) => stage),
      ["mode"],
    );
    assert.deepEqual(
      report.unknown?.fetchNext.map(({ part }) => part),
      ["question"],
    );
  });
});
