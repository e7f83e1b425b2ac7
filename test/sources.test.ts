import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");

/** What a source may begin with, besides a file of this repository and a package of package-lock.json. */
const PUBLIC: readonly RegExp[] = [
  /^RFC \d+|^draft-[a-z]/,
  /^(?:CTAP|WebAuthn|HID|POSIX|ECMA-48|System V ABI|D-Bus specification|HCL's specification|PKWARE)\b/,
  /^https?:\/\/|^(?:[a-z-]+\.)+(?:com|io|org|sh)\b/,
  // A page of the manual: open(2). A repository: owner/name@commit, owner/name#12, owner/name, path. A paper: its year.
  /^[a-z_]+\(\d\)/,
  /^(?!(?:doctor|krew|plugin|test|token)\/)[\w.-]+\/[\w.-]+[@#,]|^[\w-]+#\d+/,
  /^[A-Z]\. [A-Z][a-z]+.*, (?:19|20)\d\d/,
  /^(?:AWS|EKS|STS|IAM|ACK|Kubernetes|Terraform)\b|^service models of /,
  /^(?:Apple|Microsoft|Linux|Debian|Node|Go|PowerShell)\b|^about_\w+ in PowerShell's/,
  /^(?:client-go|kubernetes|krew|krew-release-bot|aws-iam-authenticator|botocore|aws-sdk-[a-z0-9-]+|eksctl)\b/,
  /^(?:argparse|curl|kingpin|pflag)\b/,
  /^measured with [\w@/ -]+\d/,
];

const PACKAGES = new Set(
  Object.keys((JSON.parse(read("package-lock.json")) as { packages: Record<string, unknown> }).packages).map(
    (key) => key.replace(/^.*node_modules\//, ""),
  ),
);

/** Documents that were never in this repository, and how they were cited. */
const PRIVATE =
  /(?<![\w/.@-])(?:access|aws-sources|ctap|design|eks-auth|launcher|peers|plugin|sea|seed|style|verdicts|vouch-cli|vouch-protocol|web|words)(?:\.md\b|,? (?:sections? )?(?:\d+\.\d|[A-F]\.?\d)|, (?:sections? )?\d)|\bissue \d/;

const PAGE = /((?:[\w.-]+\/)*[A-Z][A-Z-]*\.md)\b((?:,? (?:and |to )?"[^"]+"|,? steps? [\d, and]+)*)/g;

interface Citing {
  readonly file: string;
  readonly text: string;
}

/** What is wrong with the citations of one file. */
function problems({ file, text }: Citing): string[] {
  const paragraphs = file.endsWith(".md") ? [withoutLinks(text)] : comments(text);
  return [
    ...paragraphs.flatMap((paragraph) => [
      ...pageProblems(file, paragraph),
      ...sourceProblems(file, paragraph),
    ]),
    ...text.split("\n").filter((line) => PRIVATE.test(line)),
  ].map((problem) => `${file}: ${problem.trim()}`);
}

/** Pages that are not there, and headings that they do not have. */
function pageProblems(file: string, paragraph: string): string[] {
  return [...paragraph.matchAll(PAGE)].flatMap(([, page = "", rest = ""]) => {
    const found = resolve(file, page);
    if (found === undefined) return [`no page ${page}`];
    const headings = new Set(read(found).match(/(?<=^#+ ).+$/gm));
    return [...rest.matchAll(/"([^"]+)"/g)]
      .filter(([, heading = ""]) => !headings.has(heading))
      .map(([, heading]) => `${page} has no heading ${heading}`);
  });
}

/** Sources that nobody can look up. */
function sourceProblems(file: string, paragraph: string): string[] {
  return [...paragraph.matchAll(/\b(?:Source|Vector)s?(?: of [a-z ]+)?: (.*?)(?=\bSource: |$)/g)]
    .map(([, cited = ""]) => cited)
    .filter((cited) => {
      const [first = ""] = cited.split(/[ ,;:]/, 1);
      const name = first.replace(/\.$/, "");
      return (
        !PUBLIC.some((kind) => kind.test(cited)) && !PACKAGES.has(name) && resolve(file, name) === undefined
      );
    })
    .map((cited) => `not known as a source: ${cited}`);
}

/** A file as it is cited: from the folder of the one who cites it, or from one above. */
function resolve(file: string, cited: string): string | undefined {
  for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
    const candidate = path.posix.join(folder, cited);
    if (cited !== "" && fs.statSync(path.join(ROOT, candidate), { throwIfNoEntry: false })?.isFile()) {
      return candidate;
    }
    if (folder === ".") return undefined;
  }
}

/** The comments of a source, each paragraph in one line. */
function comments(text: string): string[] {
  return (text.match(/^[ \t]*\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+|(?<=\s)\/\/ .*$/gm) ?? []).flatMap(
    (comment) =>
      comment
        .replaceAll(/^[ \t]*(?:\/\*\*?|\*\/|\*|\/\/) ?|\*\/$/gm, "")
        .split(/\n\s*\n/)
        .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " ").trim()),
  );
}

function withoutLinks(text: string): string {
  return text
    .replaceAll(/\[[^\]]*\]\(([^)]*)\)/g, "$1")
    .replaceAll("`", "")
    .replaceAll(/\s*\n\s*/g, " ");
}

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8");
}

function citingFiles(): Citing[] {
  const folders = ["doctor", "krew", "plugin", "test", "token"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(folder, file)),
  );
  const tops = fs.readdirSync(ROOT).filter((file) => file.endsWith(".md"));
  return [...folders, ...tops]
    .filter((file) => /\.(?:ts|mjs|js|c|h|md)$/.test(file) && file !== "test/sources.test.ts")
    .filter((file) => !file.includes("node_modules/"))
    .map((file) => ({ file, text: read(file) }));
}

describe("what comments and pages rely on", () => {
  it("is a file of this repository and a heading in it, or a public source", () => {
    const files = citingFiles();
    assert.deepEqual(files.flatMap(problems), []);
    assert.ok(files.length > 1000);
  });

  const BAD: Readonly<Record<string, readonly [file: string, text: string]>> = {
    "a page that is not there": ["token/eks/x.ts", '/** Source: EKS-TOKENS.md, "Hosts". */'],
    "a heading that is not there": ["token/eks/x.ts", '/** Hosts (EKS-TOKEN.md, "Hosts" and "Ports"). */'],
    "a heading over two lines": [
      "test/x.ts",
      '/**\n * Source: token/eks/EKS-TOKEN.md, "No such\n * heading".\n */',
    ],
    "a file that is not there": ["token/x.ts", "// Source: token/no-such-file.ts, `name`."],
    "a package that is not there": ["token/x.ts", "// Source: left-pad 1.0, index.js."],
    "a second source that is none": ["token/x.ts", "// Source: RFC 9449, 8. Source: hearsay."],
    hearsay: ["token/x.ts", "/** Source: as everybody knows. */"],
    "a section of a private document": ["token/x.ts", "/** The protocol (vouch-protocol, 2.7). */"],
    "a private document in a title": ["test/x.test.ts", '  it("is as eks-auth, A1 says", () => {});'],
    "a private page": ["README.md", "See design.md."],
    "an issue of nobody": ["README.md", "As issue 5 asks."],
    "a link to nowhere": ["doctor/x.md", "See [the page](../token/eks/EKS.md)."],
  };
  for (const [what, [file, text]] of Object.entries(BAD)) {
    it(`is refused when it is ${what}`, () => {
      assert.notDeepEqual(problems({ file, text }), []);
    });
  }

  it("may be a repository, a specification, a manual, a page above, or a package", () => {
    const text = [
      "// Source: Yubico/libfido2#342.",
      '// Source: RFC 9449, section 8; EKS-TOKEN.md, "Hosts".',
      "// Source: open(2).",
      "// Source: node-hid 3.4.0.",
      "// See README.md.",
    ].join("\n\n");
    assert.deepEqual(problems({ file: "token/eks/deep/x.ts", text: `${text}\n` }), []);
  });
});
