import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { EVIDENCE_SCHEMA } from "../../../doctor/evidence/parts.ts";
import { formFor } from "../../../doctor/evidence/read-evidence.ts";
import { maskedPaste } from "../../../doctor/paste/masked-paste.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { isRecord } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";

/** What one `--query` returns: its value, and the text by the value of `--output`. */
interface Answer {
  readonly query?: string;
  readonly forms: Readonly<Record<string, string>>;
}

/** As the formatters of aws-cli 2.9.19 write them. */
const ANSWERS = (
  parse(fs.readFileSync(path.join(import.meta.dirname, "..", "..", "vectors", "aws-forms.yaml"), "utf8")) as {
    readonly command: string;
    readonly answers: readonly { readonly query?: string; readonly value: unknown; readonly yaml: string }[];
  }[]
).map(({ command, answers }) => ({
  command,
  answers: answers.map(({ query, value, ...forms }): Answer => {
    const json = `${JSON.stringify(value, null, 4)}\n`;
    if (query !== undefined) return { query, forms: { json, ...forms } };
    const item = `- ${forms.yaml.replaceAll(/\n(?=.)/g, "\n  ")}`;
    return { forms: { json, ...forms, "yaml-stream": item } };
  }),
}));

/** What a schema knows of a value: the rules read nothing else. */
function known(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) {
    const items = schema && formFor(schema, "array")?.items;
    return value.map((item) => known(item, items));
  }
  const properties = schema && formFor(schema, "object")?.properties;
  if (!isRecord(value) || properties === undefined) return value;
  const fields = Object.entries(value).filter(([name]) => properties[name] !== undefined);
  // No form but JSON and YAML shows an empty list within an object that is left out with it.
  return Object.fromEntries(
    fields
      .map(([name, field]) => [name, known(field, properties[name])] as const)
      .filter(([name]) => !["AssumeRolePolicyDocument", "health"].includes(name)),
  );
}

function read(text: string): Partial<DoctorEvidence> {
  const { evidence, taken } = readPasted([{ text }], 0);
  const { apiVersion: _1, kind: _2, gatheredAt: _3, excerpts, ...parts } = evidence;
  assert.notDeepEqual(parts, {}, JSON.stringify(taken));
  const pruned = Object.entries(parts).map(([part, value]) => [
    part,
    known(value, EVIDENCE_SCHEMA.properties?.[part]),
  ]);
  return { ...Object.fromEntries(pruned), ...(excerpts && { excerpts }) };
}

describe("an answer of AWS", () => {
  for (const { command, answers } of ANSWERS)
    for (const { query, forms } of answers) {
      const asked = query === undefined ? command : `${command} --query '${query}'`;
      const { json = "", ...others } = forms;
      for (const [form, answer] of Object.entries(others))
        it(`is the same as ${form}: ${asked}`, () => {
          const typed = (output: string, text: string) => `$ ${asked} --output ${output}\n${text}`;
          const whole = read(typed("json", json));
          const text = typed(form, answer);
          assert.deepEqual(read(text), whole);
          assert.deepEqual(read(text.replaceAll("\t", "   ")), whole);
          assert.deepEqual(read(maskedPaste(text, 0).text), whole);
        });
    }
});

const [WHO, CLUSTER, LIST, , POLICIES, ROLE] = ANSWERS;
const shown = (answer: (typeof ANSWERS)[number] | undefined, form: string, query?: string) =>
  answer?.answers.find((one) => one.query === query)?.forms[form] ?? "";
const ARN = "arn:aws:iam::111122223333:role/Dev";

describe("an answer of AWS without its command", () => {
  for (const [part, answer, forms] of [
    ["callerIdentity", WHO, ["table", "text"]],
    ["cluster", CLUSTER, ["table", "text", "yaml-stream"]],
    ["accessEntries", LIST, ["table", "text"]],
    ["associatedPolicies", POLICIES, ["table"]],
    ["role", ROLE, ["table", "text"]],
  ] as const)
    for (const form of forms)
      it(`is known by what its lines say: ${part} as ${form}`, () => {
        const whole = read(`$ ${answer?.command}\n${shown(answer, "json")}`);
        const { excerpts: _, ...found } = read(`The output:\n\n${shown(answer, form)}\nThanks!`);
        assert.deepEqual({ [part]: found[part] }, whole);
      });
});

describe("what an answer of AWS leaves out", () => {
  const evidenceOf = (text: string) => readPasted([{ text }], 0).evidence;
  const list = (query: string) => `$ aws eks list-access-entries --cluster-name lab --query '${query}'\n`;

  it("is not taken for missing, where a query filters a list", () => {
    const { accessEntries, excerpts } = evidenceOf(`${list("accessEntries[?contains(@, `x`)]")}[]\n`);
    assert.deepEqual([accessEntries, excerpts], [{ accessEntries: [] }, ["accessEntries"]]);
  });

  it("is told, where the rest cannot be judged", () => {
    for (const query of ["length(accessEntries)", "accessEntries[].foo[].bar"])
      assert.deepEqual(
        readPasted([{ text: `${list(query)}["x"]\n` }], 0).taken.map(({ problem }) => problem),
        ["--query or a filter removes required fields; run the command again without it"],
        query,
      );
  });

  it("is told, where a policy holds in namespaces that are not shown", () => {
    const command = `aws eks list-associated-access-policies --cluster-name lab --principal-arn ${ARN}`;
    const text = `$ ${command} --query 'associatedAccessPolicies[*].[policyArn,accessScope.type]' --output text\narn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy\tTYPE\n`;
    assert.ok(evidenceOf(text.replace("TYPE", "cluster")).associatedPolicies !== undefined);
    assert.equal(evidenceOf(text.replace("TYPE", "namespace")).associatedPolicies, undefined);
  });

  it("is filled in from the command, as with jq", () => {
    const command = "aws eks describe-cluster --name lab | jq -r .cluster.accessConfig.authenticationMode";
    const { cluster, excerpts } = evidenceOf(`$ ${command}\nCONFIG_MAP\n`);
    assert.deepEqual(cluster, {
      cluster: { name: "lab", accessConfig: { authenticationMode: "CONFIG_MAP" } },
    });
    assert.deepEqual(excerpts, ["cluster"]);
  });

  it("is read below a prompt or a warning, in each form", () => {
    for (const words of [
      "Enter MFA code for arn:aws:iam::111122223333:mfa/ada: ",
      "/usr/lib/urllib3/connectionpool.py:1064: InsecureRequestWarning: Unverified HTTPS request.",
    ])
      for (const form of ["json", "yaml", "table", "text"]) {
        const { callerIdentity } = evidenceOf(
          `$ ${WHO?.command} --output ${form}\n${words}\n${shown(WHO, form)}`,
        );
        assert.ok(callerIdentity !== undefined && "Arn" in callerIdentity, `${words} ${form}`);
      }
  });

  it("is not read where a program behind the command chose the lines of JSON, and that is said", () => {
    const text = '$ aws eks list-access-entries --cluster-name lab | tail -2\n        "x"\n    ]\n';
    assert.match(readPasted([{ text }], 0).taken[0]?.problem ?? "", /run the command again without the pipe/);
  });

  it("is nothing, where a program behind the command chose the lines", () => {
    const text = `$ aws eks list-access-entries --cluster-name lab --output text | grep Dev\nACCESSENTRIES\t${ARN}\n`;
    assert.equal(evidenceOf(text).accessEntries, undefined);
  });

  it("does not hide an error behind it", () => {
    const failed = "error: You must be logged in to the server (Unauthorized)";
    const { question, callerIdentity } = evidenceOf(`$ ${WHO?.command}\n${shown(WHO, "text")}${failed}\n`);
    assert.equal(question?.stderr, failed);
    assert.ok(callerIdentity !== undefined);
  });

  it("is nothing of a trust policy, in a table", () => {
    const { role } = evidenceOf(`$ ${ROLE?.command}\n${shown(ROLE, "table")}`);
    const { role: whole } = evidenceOf(`$ ${ROLE?.command}\n${shown(ROLE, "json")}`);
    const trust = (part: typeof role) => part && "Role" in part && part.Role.AssumeRolePolicyDocument;
    assert.deepEqual(trust(role), trust(whole));
  });

  it("is whole, where the last line of a table is there only", () => {
    const cut = shown(LIST, "table").split("\n").slice(0, -3).join("\n");
    const { accessEntries } = evidenceOf(`$ ${LIST?.command}\n${cut}\n`);
    assert.equal(accessEntries, undefined);
  });
});
