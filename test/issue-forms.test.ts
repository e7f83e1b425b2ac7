import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { parser } from "../plugin/cli.ts";
import { readCommandLine } from "../plugin/command-line/command-line.ts";
import { readTyped } from "../plugin/command-line/typed-words.ts";
import { fakeApp } from "./support/fake-app.ts";
import { formProblems } from "./support/issue-form.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDER = ".github/ISSUE_TEMPLATE";
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
const { homepage } = JSON.parse(read("package.json")) as { readonly homepage: string };
const PRIVATE = `${homepage}/security/advisories/new`;

const FORMS = fs.readdirSync(path.join(ROOT, FOLDER)).filter((name) => name !== "config.yml");

/** What nobody should paste, and every page for reporting has to say so. */
const SECRETS = [
  "PIN",
  "k8s-aws-v1.",
  "AWS credentials",
  "private key",
  "key store",
  "kubeconfig with credentials",
];

interface Element {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly description?: string; readonly value?: string };
  readonly validations?: { readonly required?: boolean };
}
const bodyOf = (file: string) =>
  (parse(read(`${FOLDER}/${file}`)) as { readonly body: readonly Element[] }).body;

describe("the issue forms", () => {
  it("are one for a refusal and one for a bug", () => {
    assert.deepEqual(FORMS, ["access.yml", "bug.yml"]);
  });

  for (const file of FORMS) {
    it(`${file} is taken by GitHub`, () => assert.deepEqual(formProblems(read(`${FOLDER}/${file}`)), []));

    it(`${file} says first what never to paste`, () => {
      const [first] = bodyOf(file);
      assert.equal(first?.type, "markdown");
      const said = /\*\*Never paste\*\* (.*)/.exec(first.attributes.value ?? "")?.[1] ?? "";
      assert.deepEqual(
        SECRETS.filter((secret) => !said.includes(secret)),
        [],
      );
    });
  }

  it("ask for the case and the report of the doctor, and for the output of --debug", () => {
    const asked = (file: string, id: string) => {
      const element = bodyOf(file).find((one) => one.id === id);
      assert.equal(element?.validations?.required, true, id);
      return `${element.attributes.label} ${element.attributes.description}`;
    };
    assert.match(asked("access.yml", "case"), /`kubectl vouch doctor --save case\.json --redact\b/);
    assert.match(asked("access.yml", "report"), /doctor/);
    assert.match(asked("bug.yml", "debug"), /--debug/);
  });

  it("lead from the choice of forms to the private report", () => {
    const config = parse(read(`${FOLDER}/config.yml`)) as {
      readonly blank_issues_enabled: unknown;
      readonly contact_links: readonly Readonly<Record<string, unknown>>[];
    };
    assert.deepEqual(Object.keys(config), ["blank_issues_enabled", "contact_links"]);
    assert.equal(typeof config.blank_issues_enabled, "boolean");
    for (const link of config.contact_links) {
      assert.deepEqual(Object.keys(link).sort(), ["about", "name", "url"]);
      assert.ok(Object.values(link).every((value) => typeof value === "string" && value !== ""));
    }
    assert.deepEqual(
      config.contact_links.map(({ url }) => url),
      [PRIVATE],
    );
  });
});

describe("the page on reporting a vulnerability", () => {
  const page = read(".github/SECURITY.md");

  it("leads to the private report, and says what not to send", () => {
    assert.ok(page.includes(PRIVATE));
    const [, said = ""] = page.split("\n## What not to send\n");
    const words = (said.split("\n## ")[0] ?? "").replaceAll(/\s+/g, " ");
    assert.deepEqual(
      SECRETS.filter((secret) => !words.includes(secret)),
      [],
    );
  });

  it("links to headings that are there", () => {
    const links = [...page.matchAll(/\]\(\.\.\/([\w/.-]+)(?:#([\w-]+))?\)/g)];
    assert.ok(links.length >= 3);
    for (const [, file = "", anchor] of links) {
      const anchors = [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title.toLowerCase().replaceAll(" ", "-"),
      );
      assert.ok(anchor === undefined || anchors.includes(anchor), `${file}#${anchor}`);
    }
  });
});

describe("the commands that a report is made with", () => {
  for (const file of [".github/SECURITY.md", ...FORMS.map((name) => `${FOLDER}/${name}`)]) {
    it(`are understood by the program: ${file}`, () => {
      const root = readCommandLine(() =>
        parser({ app: fakeApp({ home: "/nonexistent" }), color: "auto", exit: 0 }),
      );
      const commands = [...read(file).matchAll(/(?:`|placeholder: )kubectl vouch ([^`\n]+)/g)];
      assert.ok(commands.length > 0);
      for (const [, words = ""] of commands) {
        const { path: way, hasUnknown } = readTyped(root, words.split(" "));
        assert.ok(way.length > 0 && !hasUnknown, words);
      }
    });
  }
});

describe("the judge of issue forms", () => {
  const field = { type: "input", id: "a", attributes: { label: "A" } };
  const form = { name: "A bug", description: "Anything", body: [field] };
  const withField = (more: object) => ({ ...form, body: [field, { ...field, id: "b", ...more }] });
  const options = (...list: unknown[]) =>
    withField({ type: "dropdown", attributes: { label: "B", options: list } });
  const REFUSED: Record<string, [object | string, RegExp]> = {
    "no YAML": ["name: [", /no YAML/],
    "a key twice": ["name: a\nname: b\n", /no YAML/],
    "a list": [[], /no map/],
    "another key": [{ ...form, hello: "world" }, /^hello is not a permitted key$/],
    "no name": [{ ...form, name: undefined }, /^name must be a string$/],
    "an empty description": [{ ...form, description: " " }, /^description must be a string$/],
    "labels that are no list": [{ ...form, labels: { a: 1 } }, /^labels must be a list of strings$/],
    "nothing to fill in": [
      { ...form, body: [{ type: "markdown", attributes: { value: "x" } }] },
      /non-markdown/,
    ],
    "another type": [withField({ type: "hidden" }), /^body\[1\]: hidden is not a valid input type$/],
    "no attributes": [withField({ attributes: undefined }), /required key attributes is missing$/],
    "no label": [withField({ attributes: { value: "x" } }), /required attribute key label is missing$/],
    "a label that is no text": [withField({ attributes: { label: true } }), /label must be a string$/],
    "another attribute": [
      withField({ attributes: { label: "B", render: "text" } }),
      /render is not a permitted/,
    ],
    "no id": [withField({ id: undefined, attributes: { label: "B" } }), /id can only contain/],
    "an id of two words": [withField({ id: "a b", attributes: { label: "B" } }), /id can only contain/],
    "an id twice": [withField({ id: "a", attributes: { label: "B" } }), /unique ids: a$/],
    "labels that are alike": [withField({ attributes: { label: "A?" } }), /unique labels: a$/],
    "a lure": [withField({ attributes: { label: "Your password" } }), /forbidden word$/],
    "an id of markdown": [
      withField({ type: "markdown", attributes: { value: "x" } }),
      /id is not a permitted key$/,
    ],
    "another validation": [
      withField({ attributes: { label: "B" }, validations: { regex: "x" } }),
      /regex is no/,
    ],
    "no options": [options(), /options must not be empty$/],
    "options twice": [options("x", "x"), /options must be unique$/],
    "the option None": [options("x", "None"), /reserved word, none$/],
    "options that YAML 1.1 reads as truth": [
      stringify(options("x", "y1")).replace("y1", "yes"),
      /options must be strings$/,
    ],
  };
  for (const [name, [source, problem]] of Object.entries(REFUSED)) {
    it(`refuses ${name}`, () => {
      const problems = formProblems(typeof source === "string" ? source : stringify(source));
      assert.ok(
        problems.some((one) => problem.test(one)),
        problems.join("\n"),
      );
    });
  }

  it("takes what is sound", () => {
    const boxes = {
      type: "checkboxes",
      attributes: { label: "B", options: [{ label: "C", required: true }] },
    };
    assert.deepEqual(formProblems(stringify(withField(boxes))), []);
    assert.deepEqual(formProblems(stringify(options("krew", "npm"))), []);
  });
});
