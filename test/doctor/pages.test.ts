import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CATALOGUE, pagesOf, RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import { readEvidence } from "../../doctor/evidence/read-evidence.ts";
import { pages } from "../../doctor/reference/pages.ts";
import { VERSION } from "../../token/hot/version.ts";

const REPOSITORY = "https://github.com/kubectl-vouch/kubectl-vouch";
const CODES = pages()["CODES.md"] ?? "";
const DOCTOR = path.resolve(import.meta.dirname, "..", "..", "doctor");

describe("the generated pages of the doctor", () => {
  for (const [name, text] of Object.entries(pages())) {
    it(`${name} is what \`npm run codes\` writes`, () => {
      assert.equal(fs.readFileSync(path.join(DOCTOR, name), "utf8"), text);
    });
  }

  it("EVIDENCE.md ends with an example that is a bundle, and whose cause is found for certain", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(pages()["EVIDENCE.md"] ?? "") ?? [];
    const { rootCauses } = diagnose(RULES, deriveFacts(readEvidence(example)));
    assert.deepEqual(
      rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`),
      ["E3 certain"],
    );
  });

  it("CODES.md names every rule", () => {
    for (const { code } of RULES) assert.ok(CODES.includes(`\n- Rule: \`${code}\` (`), code);
  });
});

describe("the web pages about a cause", () => {
  for (const { id, page } of CATALOGUE.flatMap(({ causes }) => causes))
    it(`lead from ${id} to its place in CODES.md, and to a page of AWS or Kubernetes`, () => {
      const [ours = "", ...others] = pagesOf(id);
      const { origin, pathname, hash } = new URL(ours);
      assert.equal(`${origin}${pathname}`, `${REPOSITORY}/blob/v${VERSION}/doctor/CODES.md`);
      assert.deepEqual(
        anchorsOf(CODES).filter((anchor) => `#${anchor}` === hash),
        [hash.slice(1)],
      );
      assert.deepEqual(others, page === undefined ? [] : [page]);
      for (const other of others) {
        assert.match(
          other,
          /^https:\/\/(?:docs\.aws\.amazon\.com|kubernetes\.io\/docs)\/[\w./-]+(?:#[\w-]+)?$/,
        );
        assert.equal(new URL(other).href, other);
      }
    });

  it("are none where there is no such cause", () => assert.deepEqual(pagesOf("E999"), []));
});

/** Anchors of headings as GitHub makes them, as far as ours need it. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}
