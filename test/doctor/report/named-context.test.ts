import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { AWS_EXEC, kubeconfigText } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { files } from "../support/kubeconfig-faults.ts";
import { reportOn } from "../support/report-case.ts";
import { commandsOf } from "../support/report-commands.ts";

/** What of kubectl calls no cluster, and shows more than the one context. */
const LOCAL = /^(?:config (?!view .*--minify)|krew|kuberc|version|--kubeconfig|vouch (?!whoami|doctor))/;

function isCall(line: string): boolean {
  const [, words] = /^(?:env .*)?\bkubectl (.+)$/.exec(line) ?? [];
  return words !== undefined && !LOCAL.test(words);
}

const NAMED = / --context[= ]lab( |$)/;

/** The faults of the cluster, asked of its context while that one is current. */
function asked(current: string): DoctorEvidence[] {
  const text = kubeconfigText(AWS_EXEC).replace("current-context: lab", `current-context: ${current}`);
  return FAULTS.map(({ bundle }) => ({
    ...bundle,
    ...files(text),
    question: { ...bundle.question, context: "lab" },
  }));
}

const linesOf = (bundles: readonly DoctorEvidence[]) =>
  bundles.flatMap((bundle) => commandsOf(reportOn(bundle)));

/** What an admin replaces. */
const ADMINS = / --context[= ]ADMIN_CONTEXT( |$)/;

/** Commands of fixes, for those who ask or for others. */
const fixLines = (bundles: readonly DoctorEvidence[], isForYou: boolean) =>
  bundles.flatMap((bundle) =>
    reportOn(bundle).rootCauses.flatMap(({ fixes }) =>
      fixes.flatMap(({ audience, commands }) => ((audience === "you") === isForYou ? commands : [])),
    ),
  );

describe("a context that was asked for", () => {
  let lines: string[];
  before(() => {
    lines = linesOf(asked("other"));
  });

  it("is named by every command that calls its cluster, where another one is current", () => {
    const calls = lines.filter(isCall);
    assert.ok(calls.length > 50, String(calls.length));
    assert.deepEqual(
      calls.filter((line) => !NAMED.test(line) && !ADMINS.test(line)),
      [],
    );
  });

  it("is not named to an admin, who has contexts of their own: a placeholder stands for one", () => {
    const calls = fixLines(asked("other"), false).filter(isCall);
    assert.ok(calls.length > 20, String(calls.length));
    assert.deepEqual(
      calls.filter((line) => !ADMINS.test(line)),
      [],
    );
    assert.deepEqual(
      fixLines(asked("other"), true).filter((line) => ADMINS.test(line)),
      [],
    );
  });

  it("is named by nothing that calls no cluster", () => {
    const others = lines.filter((line) => !isCall(line));
    assert.deepEqual(
      others.filter((line) => NAMED.test(line)),
      [],
    );
  });

  it("is not named where it is the current one", () => {
    assert.deepEqual(
      linesOf(asked("lab")).filter((line) => NAMED.test(line)),
      [],
    );
  });

  it("is the admin's own, where a case was completed through one that is not current", () => {
    const calls = asked("lab").flatMap((bundle) =>
      reportOn(bundle, { adminContext: "ops" }).rootCauses.flatMap(({ fixes }) =>
        fixes.flatMap(({ audience, commands }) => (audience === "you" ? [] : commands.filter(isCall))),
      ),
    );
    assert.ok(calls.length > 20, String(calls.length));
    assert.deepEqual(
      calls.filter((line) => !/ --context[= ]ops( |$)/.test(line)),
      [],
    );
  });

  it("stands in nothing for an administrator, who has another", () => {
    for (const bundle of asked("other")) {
      const { rootCauses, adminMessage } = reportOn(bundle, { isSaved: true });
      assert.doesNotMatch(adminMessage ?? "", /--context/);
      const theirs = rootCauses.flatMap(({ fixes }) => fixes.filter(({ audience }) => audience !== "you"));
      assert.deepEqual(
        theirs.flatMap(({ commands }) => commands.filter((line) => NAMED.test(line))),
        [],
      );
    }
  });
});
