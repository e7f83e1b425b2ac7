import assert from "node:assert/strict";
import { type Options, type Run, run, type Value } from "../../../token/command/command.ts";
import { runWords, type Word } from "../../../token/command/run-words.ts";

/** `"aws eks describe-cluster"`: program and verb. */
function command(words: string, options: Options = {}, ...operands: readonly Value[]): Run {
  const [program = "", ...verb] = words.split(" ");
  return run(program, verb.join(" "), options, ...operands);
}

describe("runWords", () => {
  const table: Readonly<Record<string, readonly [run: Run, words: readonly Word[]]>> = {
    "leaves out what is undefined": [command("aws sts x", { profile: undefined }), ["aws", "sts", "x"]],
    "writes a flag without a value": [command("x", { k: true, short: true }), ["x", "-k", "--short"]],
    "joins kubectl's long options": [
      command("kubectl get", { n: "a", as: "b" }, "c"),
      ["kubectl", "get", "c", "-n", "a", "--as=b"],
    ],
    "does not join our own": [
      command("kubectl vouch login", { server: "s" }),
      ["kubectl", "vouch", "login", "--server", "s"],
    ],
    "joins a value that looks like an option": [
      command("aws x", { name: "--profile=p" }),
      ["aws", "x", "--name=--profile=p"],
    ],
    "joins it to a short option too": [
      command("kubectl get pods", { n: "-A" }),
      ["kubectl", "get", "pods", "-n-A"],
    ],
    "ends kubectl's options before such a name": [
      command("kubectl get", { n: "a" }, "-A"),
      ["kubectl", "get", "-n", "a", "--", "-A"],
    ],
    "ends the options of rm": [command("rm", {}, "-rf"), ["rm", "--", "-rf"]],
    "repeats an option for each of its values": [
      command("x", { via: ["a", "-b"] }),
      ["x", "--via", "a", "--via=-b"],
    ],
    "gives the AWS CLI values in a row": [
      command("aws x", { groups: ["a", "b c"] }),
      ["aws", "x", "--groups", "a", "b c"],
    ],
    "leaves out an empty list": [command("aws x", { groups: [] }), ["aws", "x"]],
    "names a file for what it holds": [
      command("aws x", { doc: { contentOf: "a b.json" } }),
      ["aws", "x", "--doc", "file://a b.json"],
    ],
    "keeps a path in the home folder": [
      command("rm -r", {}, { underHome: ".aws" }),
      ["rm", "-r", { underHome: ".aws" }],
    ],
    "tells curl to take brackets as they are": [
      command("curl -v", {}, "https://{a,b}"),
      ["curl", "-g", "-v", "https://{a,b}"],
    ],
    "keeps empty values": [command("aws x", { name: "" }), ["aws", "x", "--name", ""]],
    "gives other programs what looks like a file's address": [
      command("x", { of: "file://y" }),
      ["x", "--of", "file://y"],
    ],
  };
  for (const [says, [data, words]] of Object.entries(table))
    it(says, () => assert.deepEqual(runWords(data), words));

  for (const value of ["-x", "--", "[a", "{a", " [a", "\u00a0{", "", "file:///etc/passwd", "https://h/x"]) {
    it(`gives the AWS CLI a list with ${JSON.stringify(value)} as JSON`, () => {
      const groups = ["a", value];
      assert.deepEqual(runWords(command("aws x", { groups })), [
        "aws",
        "x",
        "--groups",
        JSON.stringify(groups),
      ]);
    });
  }

  const refused: readonly (readonly [run: Run, why: RegExp])[] = [
    [
      command("aws x", { name: "file:///etc/passwd" }),
      /^aws would read the contents of "file:\/\/\/etc\/passwd"/,
    ],
    [command("aws x", { name: "fileb://x" }), /would read/],
    [command("aws x", { name: "http://x" }), /would read/],
    [command("aws x", { name: "--" }), /^the AWS CLI would drop "--" as the value of --name/],
    [command("aws-vault login", {}, "@/etc/passwd"), /^aws-vault would read/],
    [command("saml2aws login", { profile: "@x" }), /^saml2aws would read/],
    [command("curl -v", {}, "-Kx"), /^curl would interpret "-Kx" as an option/],
    [command("kubectl create namespace", {}, "-x"), /^kubectl would interpret/],
    [command("vi", {}, "+:!touch x"), /^vi would interpret/],
    [command("chmod +x", {}, "-x"), /^chmod would interpret/],
    [command("x", { a: "b\u001b[2J" }), /^"b\\u001b\[2J" contains characters/],
    [command("kubectl get", {}, { underHome: "a\u202eb" }), /^"a\\u202eb" contains/],
    [command("x", { a: ["ok", "\ud800"] }), /^"\\ud800" contains/],
  ];
  for (const [data, message] of refused) {
    it(`refuses ${JSON.stringify(data)}`, () => {
      assert.throws(() => runWords(data), { name: "UnprintableCommand", message });
    });
  }
});
