/**
 * The doctor's reading of aws-auth, and the stand-in's, against the parser and the mapper of aws-iam-authenticator 0.7.18:
 * the same entries, the same losses, the same answer for each caller. Needs the programs of test/peers/go.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { principalOfArn } from "../../../doctor/eks/principal/principal.ts";
import * as ours from "../../support/aws-auth-readings.ts";
import { arnCorpus } from "./arns.ts";
import { type AwsAuthCase, awsAuthCorpus } from "./aws-auth.ts";
import { type Judgement, judgeAwsAuth } from "./aws-auth-judge.ts";

const CORPUS = awsAuthCorpus();
const ARNS = arnCorpus();

/** Who asks for each of the ConfigMaps. */
const CALLERS = [
  "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com",
  "arn:aws:sts::111122223333:assumed-role/DEV/ada",
  "arn:aws:sts::111122223333:assumed-role/team/Dev/ada",
  "arn:aws:sts::111122223333:assumed-role/Ops/i-0123456789abcdef0",
  "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada",
  "arn:aws:sts::012345678901:assumed-role/Dev/ada",
  "arn:aws-cn:sts::111122223333:assumed-role/Dev/ada",
  "arn:aws-us-gov:iam::111122223333:user/ada",
  "arn:aws:iam::111122223333:user/ada",
  "arn:aws:iam::111122223333:user/ADA",
  "arn:aws:iam::111122223333:user/staff/ada",
  "arn:aws:iam::999988887777:user/ada",
  "arn:aws:sts::111122223333:federated-user/ada",
  "arn:aws:iam::111122223333:root",
  "arn:aws:iam::111122223333:role/Dev",
  "arn:gcp:iam::111122223333:role/Dev",
  "arn:aws:iam::111122223333:group/devs",
  "Dev",
];

/** Left as it is: of two byte order marks go-yaml drops one, and then a character at the beginning of each line. */
function isLeft(data: AwsAuthCase["data"]): boolean {
  return Object.values(data).some((text) => text.startsWith("\ufeff\ufeff"));
}

/** What STS never says of a caller, so that the doctor knows no principal in it. */
const NEVER_FROM_STS: Readonly<Record<string, RegExp>> = {
  "a region": /^arn:[^:]*:[^:]*:[^:]+:/,
  "an account that is no twelve digits": /^arn:(?:[^:]*:){3}(?!\d{12}:)/,
  "blanks in the name": /\s/,
  "no name": /\/$|:(?:role|user|federated-user)$|assumed-role\/\//,
  "something behind root": /:root\/./,
};

/** A role's own ARN has its path, which no session has: the doctor takes it for any session of the role. */
const ROLE_WITH_PATH = /:iam::\d{12}:role\/.*\/[^/]+$/;

const VECTORS = new URL("../../vectors/aws-auth.json", import.meta.url);

/** Where somebody makes something else of a ConfigMap than the judge. */
function* differences<T>(
  judged: readonly Judgement[],
  expected: (judged: Judgement) => T,
  found: (one: AwsAuthCase) => T | undefined,
): Generator<object> {
  for (const [at, one] of CORPUS.entries()) {
    const [wanted, own] = [expected(judged[at] as Judgement), found(one)];
    if (own !== undefined && JSON.stringify(wanted) !== JSON.stringify(own) && !isLeft(one.data))
      yield { ...one, wanted, own };
  }
}

function* readInLabOtherwise(judged: readonly Judgement[]): Generator<object> {
  yield* differences(
    judged,
    ({ reading }) => reading,
    ({ data }) => ours.readInLab(data),
  );
}

function* readByDoctorOtherwise(judged: readonly Judgement[]): Generator<object> {
  const entries = ({ roles, users, accounts }: Judgement["reading"]) => ({ roles, users, accounts });
  yield* differences(
    judged,
    ({ reading }) => entries(reading),
    ({ data }) => {
      const own = ours.readByDoctor(data);
      return own && entries(own);
    },
  );
}

function* lostOtherwise(judged: readonly Judgement[]): Generator<object> {
  for (const [at, { kind, data }] of CORPUS.entries()) {
    if (data["mapAccounts"] !== undefined || isLeft(data)) continue;
    const { section, entry } = (judged[at] as Judgement).reading.loses;
    const own = ours.readByDoctor(data)?.loses;
    if (own === undefined) continue;
    const isSame = own.section === section && (own.entry === entry || /sso/i.test(data["mapRoles"] ?? ""));
    if (!isSame) yield { kind, data, own, section, entry };
  }
}

function* lookedUpOtherwise(judged: readonly Judgement[]): Generator<object> {
  for (const lookUp of [ours.lookUpInLab, ours.lookUpByDoctor])
    yield* differences(
      judged,
      ({ lookups }) => lookups,
      ({ data }) => lookUp(data, CALLERS),
    );
}

describe("aws-auth, as aws-iam-authenticator 0.7.18 reads it", () => {
  let judged: readonly Judgement[];

  before(() => {
    judged = judgeAwsAuth(
      CORPUS.map(({ data }) => data),
      CALLERS,
    );
    assert.equal(judged.length, CORPUS.length);
  });

  it("is written in more than 5000 ways, a third of them whole and a third that lose a section", () => {
    const texts = new Set(CORPUS.map(({ data }) => JSON.stringify(data)));
    const whole = judged.filter(({ error }) => error === "").length;
    const losing = judged.filter(({ reading }) => reading.loses.section).length;
    const letIn = judged.filter(({ lookups }) => lookups.some((one) => one !== "refused")).length;
    process.stdout.write(
      `      ${texts.size} texts: ${whole} whole, ${losing} lose a section, ${letIn} let in\n`,
    );
    assert.ok(texts.size > 5000);
    assert.ok(Math.min(whole, losing, letIn) * 3 >= CORPUS.length);
  });

  it(`is read alike by the stand-in, in ${CORPUS.length} ConfigMaps`, () => {
    assert.deepEqual([...readInLabOtherwise(judged)], []);
  });

  it(`is read alike by the doctor, in ${CORPUS.length} ConfigMaps`, () => {
    assert.deepEqual([...readByDoctorOtherwise(judged)], []);
  });

  it("is left open by the doctor in less than 5 % of them, and in none that is written by hand", () => {
    const unclear = CORPUS.filter(({ data }) => ours.readByDoctor(data) === undefined);
    process.stdout.write(`      ${unclear.length} left open\n`);
    assert.ok(unclear.length * 20 < CORPUS.length);
    assert.deepEqual(
      unclear.filter(({ kind }) => kind === "written"),
      [],
    );
  });

  it("loses to the doctor the sections and entries that it loses; entries of sso alone as well", () => {
    assert.deepEqual([...lostOtherwise(judged)], []);
  });

  it(`gives ${CALLERS.length} callers the same, in the stand-in and in the doctor`, () => {
    assert.deepEqual([...lookedUpOtherwise(judged)], []);
  });

  it("said what the vectors say", () => {
    const text = vectors(judged);
    if (process.env["UPDATE_VECTORS"] === "1") fs.writeFileSync(VECTORS, text);
    assert.deepEqual(JSON.parse(fs.readFileSync(VECTORS, "utf8")), JSON.parse(text));
  });
});

/** One ConfigMap of each kind but values and accidents, and one for each thing that the authenticator logs. */
function vectors(judged: readonly Judgement[]) {
  const seen = new Set<string>();
  const maps = CORPUS.flatMap(({ kind, data }, at) => {
    const { reading, error, lookups } = judged[at] as Judgement;
    const isBroad = /^(?:value|accident|written)/.test(kind);
    const marks = [isBroad ? "" : kind, error.replaceAll(/\d+|`[^`]*`|'[^']*'|"[^"]*"/g, "").slice(0, 70)];
    const isNew = marks.some((mark) => !seen.has(mark));
    if (!isNew || JSON.stringify(data).length > 400 || isLeft(data)) return [];
    for (const mark of marks) seen.add(mark);
    return [JSON.stringify({ data, error, reading, lookup: lookups[0] })];
  });
  const origin = "judged by aws-iam-authenticator 0.7.18";
  return `{ "origin": "${origin}", "caller": "${CALLERS[0]}", "maps": [\n${maps.join(",\n")}\n] }\n`;
}

describe("ARNs, as aws-iam-authenticator 0.7.18 canonicalises them", () => {
  let canonical: readonly string[];
  before(() => {
    canonical = judgeAwsAuth([{}], ARNS)[0]?.canonical ?? [];
    assert.equal(canonical.length, ARNS.length);
    const refused = canonical.filter((one) => one.startsWith("refused: ")).length;
    assert.ok(ARNS.length >= 1500 && refused >= 200 && ARNS.length - refused >= 200, `${refused} refused`);
  });

  it(`are the same to the stand-in, or refused with the same words: ${ARNS.length}`, () => {
    assert.deepEqual(ARNS.map(ours.canonicalInLab), canonical);
  });

  it(`are the same to the doctor, but for a role's own path and what STS never says: ${ARNS.length}`, () => {
    const found = ARNS.flatMap((arn, at) => {
      const wanted = canonical[at] ?? "";
      const own = principalOfArn(arn)?.canonicalArn;
      if (own === wanted || (own === undefined && wanted.startsWith("refused: "))) return [];
      if (own === undefined && Object.values(NEVER_FROM_STS).some((shape) => shape.test(arn))) return [];
      const isPathDropped = ROLE_WITH_PATH.test(arn) && own === wanted.replace(/role\/.*\//, "role/");
      return isPathDropped ? [] : [{ arn, wanted, own }];
    });
    assert.deepEqual(found, []);
  });
});
