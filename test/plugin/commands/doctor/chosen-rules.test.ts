import assert from "node:assert/strict";
import { RULES } from "../../../../doctor/causes/index.ts";
import { chosenRules } from "../../../../plugin/commands/doctor/flags.ts";

const codes = (only?: string, skip?: string) => chosenRules(only, skip).map(({ code }) => code);

describe("chosenRules", () => {
  it("are all, in the order of the chain, when nothing is named", () => {
    assert.deepEqual(chosenRules(undefined, undefined), RULES);
  });

  it("are those that are named, by code or row, in any case and order", () => {
    assert.deepEqual(codes("k10 plugin-not-found"), ["plugin-cluster-name", "plugin-not-found"]);
    assert.deepEqual(codes("plugin-not-found,K10", "K1"), ["plugin-cluster-name"]);
  });

  it("are all but those that are left out", () => {
    assert.deepEqual(
      codes(undefined, "K10"),
      RULES.map(({ code }) => code).filter((code) => code !== "plugin-cluster-name"),
    );
  });

  it("are not guessed from a name that nobody has", () => {
    assert.throws(() => codes("plugin-not-fond"), {
      code: "usage",
      hint: /^Did you mean plugin-not-found\?/,
    });
    assert.throws(() => codes(undefined, "Z9"), { code: "usage" });
  });

  it("are not all where a list names none", () => {
    for (const list of ["", " ", ","]) assert.throws(() => codes(list), { code: "usage" });
  });

  it("have names of their own", () => {
    assert.equal(new Set(RULES.map(({ code }) => code)).size, RULES.length);
  });
});
