import assert from "node:assert/strict";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { ENVIRONMENT_CASES, FILE_CASES, ORDER_CASES, ROLE_CASES, type SourceCase } from "./cases.ts";
import { planWords } from "./plan-words.ts";

function planOfCase({ config, credentials, env = {}, profile }: SourceCase) {
  const files = readSharedFiles(
    { path: "DIR/config", text: config },
    { path: "DIR/credentials", text: credentials },
  );
  return planOf({ profile, region: "eu-west-1" }, files, env);
}

const GROUPS = {
  "the environment and the profile": ENVIRONMENT_CASES,
  "the files": FILE_CASES,
  "the order inside a profile": ORDER_CASES,
  "roles of profiles": ROLE_CASES,
};

describe("planOf", () => {
  for (const [group, cases] of Object.entries(GROUPS)) {
    describe(group, () => {
      for (const each of cases) {
        const { name, ours } = each;
        it(name, () => {
          if (typeof ours === "string") return assert.equal(planWords(planOfCase(each)), ours);
          const [code, says] = ours;
          assert.throws(
            () => planOfCase(each),
            (error) => {
              assert.ok(error instanceof VouchError, String(error));
              assert.deepEqual([error.code, error.message.includes(says)], [code, true], error.message);
              assert.equal(error.exit, 6);
              assert.match(error.hint, /`.+`/);
              assert.doesNotMatch(error.message + error.hint, /secret\b(?! *=)/);
              return true;
            },
          );
        });
      }
    });
  }
});
