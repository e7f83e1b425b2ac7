import assert from "node:assert/strict";
import { maskAwsFile, maskVariable } from "../../../token/masking/mask-arguments.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import { looksRandom } from "../../../token/masking/secret-words.ts";
import { randomNumbers } from "../../support/mutations.ts";

const WORDS = {
  company: "Acme Contoso Corp Data IT Infra Payments Platform Shop Web Zusammenarbeit".split(" "),
  stage: "Dev Development Live NonProd Prod Production QA Sandbox Shared Staging Test UAT".split(" "),
  role: "Admin AdministratorAccess Billing ClusterAdmin Developer EKSAdmin IdentityCenter Ops PowerUserAccess ReadOnlyAccess SSO SecurityAudit ViewOnlyAccess".split(
    " ",
  ),
  number: "1 01 2 3 42 2024 2025 111122223333".split(" "),
};

/** Names as people, and tools such as Granted, give them to profiles, roles and accounts. */
function* names(): Generator<string> {
  for (const company of WORDS.company)
    for (const stage of WORDS.stage)
      for (const role of WORDS.role)
        for (const number of WORDS.number)
          yield* [
            `${company}${role}${number}`,
            `${company}${stage}${number}${role}`,
            `${company.toLowerCase()}${stage}${number}${role}`,
            `${stage}${number}/${role}`,
            `${company}${stage}/${number}/${role}`,
            `${company}/${stage}${number}/${role}`,
          ];
}

const BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A word as a generator of keys draws it, with all three kinds of characters and no more than four slashes. */
function drawn(random: ReturnType<typeof randomNumbers>, length: number, alphabet: string): string {
  for (;;) {
    const word = Array.from({ length }, () => alphabet.charAt(random(alphabet.length))).join("");
    const isOfAll = [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word));
    if (isOfAll && !word.startsWith("/") && word.split("/").length <= 5) return word;
  }
}

describe("masking by the form of a word", () => {
  it("leaves every name of a profile, a role or an account", () => {
    const known = ["Production1/AdministratorAccess", "CorpIdentityCenter2024"];
    const all = [...known, ...names()];
    assert.deepEqual(
      all.filter((name) => looksRandom(name)),
      [],
    );
    assert.ok(all.filter((name) => name.length >= 20).length > 50_000);
    for (const name of known) {
      assert.equal(maskVariable("AWS_PROFILE", name), name);
      assert.equal(maskText(`profile ${name} is not there`), `profile ${name} is not there`);
      const file = `[profile ${name}]\nsource_profile = ${name}\nsso_session = ${name}\n`;
      assert.equal(maskAwsFile(file), file);
    }
  });

  it("hides what is drawn: nearly all words of 20 characters, and all but a few in a thousand of longer ones", () => {
    const random = randomNumbers(20_261_128);
    const left = (length: number, alphabet: string) =>
      Array.from({ length: 20_000 }, () => drawn(random, length, alphabet)).filter(
        (word) => !looksRandom(word),
      ).length;
    assert.ok(left(20, BASE62) <= 60);
    assert.ok(left(24, BASE62) <= 30);
    assert.ok(left(40, `${BASE62}+/`) <= 8);
  });

  it("hides the secret keys of AWS's documentation", () => {
    for (const key of [
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    ])
      assert.equal(maskText(`secret ${key} of ada`), "secret *** of ada");
  });

  it("hides secret keys of AWS, however they begin and wherever they stand", () => {
    const random = randomNumbers(20_261_129);
    const places = [
      "keys % here",
      "S3_KEY=%",
      "https://a/?sk=%&x",
      "AKIAEXAMPLEEXAMPLE12/%",
      "AKIAEXAMPLEEXAMPLE12:%",
      "the key is %.",
      "'%'",
    ];
    const keys = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 40 }, () => `${BASE62}+/`.charAt(random(64))).join(""),
    );
    const left = keys.filter((key, index) =>
      maskText((places[index % places.length] ?? "").replace("%", () => key)).includes(key),
    );
    assert.ok(left.length <= 8, `${left.length}: ${left.slice(0, 10).join(" ")}`);
  });

  it("leaves words of 40 characters that are no keys: paths, hashes, names", () => {
    for (const word of [
      "/Users/Ada/Projects/Infra2024/Modules/Ek",
      "/home/ada/Documents/Platform/Production1",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "AWSReservedSSOAdministratorAccessForTeam",
      "Production1/AdministratorAccess/Platform",
    ]) {
      assert.equal(word.length, 40);
      assert.equal(maskText(`in ${word} of it`), `in ${word} of it`);
    }
  });
});
