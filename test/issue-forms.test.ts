import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const FOLDER = path.resolve(import.meta.dirname, "..", ".github");
const read = (file: string) => fs.readFileSync(path.join(FOLDER, file), "utf8");
const { homepage } = JSON.parse(read("../package.json")) as { readonly homepage: string };

/** What nobody should paste. */
const SECRETS = [
  "PIN",
  "k8s-aws-v1.",
  "AWS credentials",
  "private key",
  "key store",
  "kubeconfig with credentials",
];

interface Form {
  readonly body: readonly {
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly description?: string };
    readonly validations?: { readonly required?: boolean };
  }[];
}

/** What a required field of a form asks for. */
function asked(form: string, id: string): string {
  const field = (parse(read(`ISSUE_TEMPLATE/${form}`)) as Form).body.find((one) => one.id === id);
  assert.equal(field?.validations?.required, true, id);
  return `${field.attributes.label} ${field.attributes.description}`;
}

describe("the pages for reporting", () => {
  for (const page of ["SECURITY.md", "ISSUE_TEMPLATE/access.yml", "ISSUE_TEMPLATE/bug.yml"])
    it(`say what never to send: ${page}`, () => {
      const said = /(?:\*\*Never paste\*\*|## What not to send\n)(.*?)\n(?:\n|$)/s.exec(
        `${read(page)}\n`,
      )?.[1];
      const words = said?.trim().replaceAll(/\s+/g, " ");
      assert.deepEqual(
        SECRETS.filter((secret) => !words?.includes(secret)),
        [],
      );
    });

  for (const page of ["SECURITY.md", "ISSUE_TEMPLATE/config.yml", "ISSUE_TEMPLATE/bug.yml"])
    it(`lead to the private report: ${page}`, () => {
      assert.ok(read(page).includes(`${homepage}/security/advisories/new`));
    });

  it("ask for the case and the report of the doctor, and for the output of --debug", () => {
    assert.match(asked("access.yml", "case"), /`kubectl vouch doctor --save case\.json --redact\b/);
    assert.match(asked("access.yml", "report"), /doctor/);
    assert.match(asked("bug.yml", "debug"), /--debug/);
  });
});
