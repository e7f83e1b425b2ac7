import assert from "node:assert/strict";
import fs from "node:fs";
import { GoYamlError } from "../../../lab/kube/authentication/go-yaml/cursor.ts";
import { goYamlToJson, goYamlToTexts } from "../../../lab/kube/authentication/go-yaml/values.ts";

const { maps } = JSON.parse(
  fs.readFileSync(new URL("../../../vectors/aws-auth.json", import.meta.url), "utf8"),
) as {
  readonly maps: readonly { readonly data: Readonly<Record<string, string>>; readonly error: string }[];
};

/** What go-yaml itself refused; the errors that quote values as Go prints them are left out. */
const REFUSED = maps.flatMap(({ data, error }) => {
  const [, words] =
    /^error parsing config map: \[(yaml: (?!unmarshal|invalid map key).*)\]$/.exec(error) ?? [];
  const text = data["mapRoles"] ?? data["mapUsers"];
  return words === undefined || text === undefined ? [] : [{ text, words }];
});

/** Source: yaml/go-yaml@v2.4.4, whose words the vectors of aws-auth have. */
describe("goYamlToJson", () => {
  it("has vectors of refusals", () => assert.ok(REFUSED.length > 20, `${REFUSED.length}`));

  for (const { text, words } of REFUSED) {
    it(`refuses ${JSON.stringify(text)} with go-yaml's words`, () => {
      assert.throws(() => goYamlToJson(text), { constructor: GoYamlError, message: words });
    });
  }

  it("gives what JSON has, with keys as texts", () => {
    const { value } = goYamlToJson(
      '- {a: yes, 7: 0o17, "b": 1_000, c: ~, 1.5: .5}\n- [2026-01-01, 1:30, "yes"]\n',
    );
    const map = new Map<string, unknown>([
      ["a", true],
      ["7", 15],
      ["b", 1000],
      ["c", null],
      ["1.5", 0.5],
    ]);
    assert.deepEqual(value, [map, ["2026-01-01", "1:30", "yes"]]);
  });

  it("leaves what follows the first document", () => {
    assert.deepEqual(goYamlToJson(" - a\n- b\n# end\n"), { value: ["a"], rest: "- b\n# end\n" });
    assert.deepEqual(goYamlToJson("- a\n---\n@\n"), { value: ["a"], rest: "---\n@\n" });
    assert.deepEqual(goYamlToJson("- a\n# end\n"), { value: ["a"], rest: "" });
  });

  for (const text of ["[".repeat(5000), "- ".repeat(5000), "? ".repeat(5000), "{a: ".repeat(5000)]) {
    it(`refuses what is nested too deeply: ${text.slice(0, 4)}`, () => {
      assert.throws(() => goYamlToJson(text), /exceeded max depth/);
    });
  }

  it("refuses aliases that multiply, at once", () => {
    const levels = Array.from({ length: 30 }, (_, at) => `- &l${at + 1} [*l${at}, *l${at}, *l${at}]\n`);
    assert.throws(() => goYamlToJson(`- &l0 [x]\n${levels.join("")}`), /excessive aliasing/);
  });
});

describe("goYamlToTexts", () => {
  it("takes scalars as they are written, and what stands in front of an error", () => {
    assert.deepEqual(goYamlToTexts("- 012\n- 0x1F\n- yes\n- ~\n- 'a'\n"), {
      texts: ["012", "0x1F", "yes", "", "a"],
    });
    assert.deepEqual(goYamlToTexts("- 012\n- !!int x\n- 7\n"), {
      texts: ["012"],
      error: "yaml: cannot decode !!str `x` as a !!int",
    });
    assert.deepEqual(goYamlToTexts("- 012\n- [7]\n- 8\n").texts, ["012", "8"]);
  });
});
