import assert from "node:assert/strict";
import { parseDictionary, serializeParameters } from "../../lab/vouch/structured-fields.ts";

describe("structured fields of the Vouch stand-in", () => {
  // Source of the texts: RFC 8941, 3.1.1, 3.1.2, 3.2 and RFC 9421, B.2.
  const serialized = (text: string) =>
    [...(parseDictionary(text) ?? [])].map(([label, member]) =>
      member.kind === "inner-list"
        ? `${label}=(${member.items.map(({ bare }) => bare.raw).join(" ")})${serializeParameters(member.parameters)}`
        : `${label}=${member.item.bare.raw}${serializeParameters(member.item.parameters)}`,
    );

  it("reads dictionaries in order", () => {
    assert.deepEqual(serialized('en="Applepie", da=:w4ZibGV0w6ZydGU=:'), [
      'en="Applepie"',
      "da=:w4ZibGV0w6ZydGU=:",
    ]);
    assert.deepEqual(serialized("a=?0, b, c; foo=bar"), ["a=?0", "b=?1", "c=?1;foo=bar"]);
    assert.deepEqual(serialized("a=1,b=(1 2);x;y=-3"), ["a=1", "b=(1 2);x;y=-3"]);
  });

  it("reads the signature parameters of RFC 9421", () => {
    const input =
      'sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473' +
      ';keyid="test-key-rsa-pss";tag="header-example"';
    const member = parseDictionary(input)?.get("sig-b22");
    assert.equal(member?.kind, "inner-list");
    assert.equal(
      member?.kind === "inner-list" && serializeParameters(member.parameters),
      ';created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
    );
  });

  it("lets a later member of the same name win", () => {
    assert.deepEqual(serialized("a=1, a=2"), ["a=2"]);
  });

  for (const text of [
    "",
    "A=1",
    "a=",
    "a=(1",
    'a="x',
    "a=1,",
    "a=1 b=2",
    'a=("x""y")',
    "a=1.5",
    "a=:x",
    "a=?2",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseDictionary(text), undefined);
    });
  }
});
