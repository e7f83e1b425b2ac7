import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { onWindows } from "../../token/command/tasks.ts";
import { onPosix } from "../support/platform.ts";
import { FAULTS } from "./support/faults.ts";
import { fetchCommands, runsOf, type Said, saidOf } from "./support/printed-commands.ts";
import { SOURCE_FAULTS } from "./support/source-faults.ts";
import { VARIANTS } from "./support/variants.ts";

/** Programs by the names under which whoever pastes has them. What a bundle names may be anybody's. */
const KNOWN =
  "assume aws aws-iam-authenticator aws-vault awk chmod cp curl date eksctl env grep helm kubectl kubectl-vouch ls mv nslookup pip pipx rm saml2aws sed snap sudo terraform type vi vouch".split(
    " ",
  );

const POSIX_ONLY = "awk cat cp date env grep iconv ls mv rm sed vi".split(" ");

/** Where nothing of ours is. */
const FOREIGN = "/tmp/of-others/";

/** The same bundle, whose programs are somebody's own. */
function withForeignPrograms(bundle: DoctorEvidence): DoctorEvidence {
  const text = JSON.stringify(bundle)
    .replaceAll("/usr/local/bin/", FOREIGN)
    .replaceAll(/command: (?=[a-z])/g, `command: ${FOREIGN}`)
    .replaceAll(/executable (?=aws|kubectl)/g, `executable ${FOREIGN}`)
    .replaceAll(/credential_process = (?=[a-z])/g, `credential_process = ${FOREIGN}`);
  return JSON.parse(text) as DoctorEvidence;
}

function foreignPrograms({ commands, documents }: Said): string[] {
  const programs = commands.flatMap(runsOf).map(({ program }) => program);
  const lines = documents.flatMap(({ text }) => text.split("\n"));
  return [
    ...programs.filter((program) => !KNOWN.includes(program)),
    ...lines.filter((line) => line.startsWith(FOREIGN)),
  ];
}

describe("what is printed to be pasted", () => {
  const bundles = [...FAULTS, ...SOURCE_FAULTS, ...VARIANTS].map(({ row, bundle }) => ({ row, bundle }));

  it("shows no values of variables or of keys to whoever looks on", () => {
    const shown = [
      ...bundles.flatMap(({ bundle }) => saidOf(bundle).commands),
      ...fetchCommands(() => "NAME"),
    ].flatMap(runsOf);
    assert.deepEqual(
      shown.filter(
        ({ program, verb, operands }) =>
          (program === "env" && verb.length === 0) ||
          program === "printenv" ||
          (program === "cat" && JSON.stringify(operands).includes(".aws/credentials")),
      ),
      [],
    );
  });

  it("has no words of POSIX for the shells of Windows, except to change modes and in WSL or snaps", () => {
    const runs = [
      ...bundles.flatMap(({ bundle }) => saidOf(bundle).commands),
      ...fetchCommands(() => "NAME"),
    ].flatMap(runsOf);
    for (const shell of ["powershell", "cmd"] as const) {
      const programs = new Set(runs.flatMap((run) => onWindows(run, shell)?.program ?? []));
      assert.deepEqual(
        POSIX_ONLY.filter((name) => programs.has(name)),
        [],
        shell,
      );
    }
  });

  it("repeats no words of the command that failed: in a case, anyone may have chosen them", () => {
    const chosen = "--server=https://mallory.example --filename=mallory.yaml --user=mallory";
    for (const { row, bundle } of bundles) {
      const command = `${bundle.question?.command ?? "kubectl get pods"} ${chosen}`;
      const { commands } = saidOf({ ...bundle, question: { ...bundle.question, command } });
      const repeated = commands.filter((one) => JSON.stringify(one).includes("mallory"));
      assert.deepEqual(repeated, [], row);
    }
  });

  for (const [verb, group, resource] of [
    ["*", "*", "*"],
    ["escalate", "rbac.authorization.k8s.io", "clusterroles"],
  ] as const)
    it(`grants nobody ${verb} on ${resource}, whatever was refused`, () => {
      const denied = `cannot ${verb} resource "${resource}" in API group "${group}"`;
      let refused = 0;
      for (const { row, bundle } of bundles) {
        const text = JSON.stringify(bundle).replaceAll(
          /cannot [\w*]+ resource \\"[^"\\]+\\" in API group \\"[^"\\]*\\"/g,
          JSON.stringify(denied).slice(1, -1),
        );
        refused += text === JSON.stringify(bundle) ? 0 : 1;
        const { question, ...rest } = JSON.parse(text) as DoctorEvidence;
        const attempt = question?.attempt && { ...question.attempt, verb, group, resource };
        const changed = { ...rest, question: { ...question, ...(attempt ? { attempt } : {}) } };
        const { commands, documents } = saidOf(changed);
        const granted = [...commands, ...documents].filter((one) =>
          /"(?:create (?:cluster)?role)".*"(?:\*|escalate)"|verbs:\s+- "?(?:\*|escalate)/.test(
            JSON.stringify(one).replaceAll("\\n", "\n").replaceAll('\\"', '"'),
          ),
        );
        assert.deepEqual(granted, [], row);
      }
      assert.ok(refused > 20, `${refused} refusals`);
    });

  onPosix("shell", "runs no program that the evidence brought in", () => {
    let foreign = 0;
    for (const { row, bundle } of bundles) {
      const changed = withForeignPrograms(bundle);
      foreign += JSON.stringify(changed).includes(FOREIGN) ? 1 : 0;
      assert.deepEqual([...new Set(foreignPrograms(saidOf(changed)))], [], row);
    }
    assert.ok(foreign > bundles.length / 2, `${foreign} bundles name programs`);
  });
});
