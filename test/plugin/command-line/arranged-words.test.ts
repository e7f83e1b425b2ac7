import assert from "node:assert/strict";
import { commandLine } from "../../../plugin/cli.ts";
import { arrangeWords, flagsBelow } from "../../../plugin/command-line/words.ts";

import { fakeApp } from "../../support/fake-app.ts";

const commands = () => commandLine({ app: fakeApp({ home: "/nonexistent" }), color: "auto", exit: 0 });

describe("arrangeWords", () => {
  /** What is typed, and how yargs gets it. */
  const cases: Record<string, string> = {
    status: "status",
    "version -ojson": "version -o=json",
    "version -o=json": "version -o=json",
    "version -o json": "version -o json",
    "version --output=json": "version --output=json",
    "-ojson version": "version -o=json",
    "-o json version": "version -o json",
    "--output yaml --debug version": "version --output yaml --debug",
    "whoami -nkube-system": "whoami -n=kube-system",
    "whoami -n=kube-system": "whoami -n=kube-system",
    "whoami -n-odd": "whoami -n=-odd",
    "-n web doctor": "doctor -n web",
    "-nweb doctor": "doctor -n=web",
    "-n status doctor": "doctor -n status",
    "--context doctor whoami": "whoami --context doctor",
    "--context=x doctor": "doctor --context=x",
    "--offline status": "status --offline",
    "--offline doctor --pre": "doctor --offline --pre",
    "doctor -vojson": "doctor -v -o=json",
    "doctor -vh": "doctor -v -h",
    "doctor -v=true": "doctor -v=true",
    "--cluster lab setup eks": "setup eks --cluster lab",
    "setup --cluster lab eks --dry-run": "setup eks --cluster lab --dry-run",
    "setup -ojson --dry-run eks": "setup eks -o=json --dry-run",
    "--regions eu-west-1 us-east-1 setup eks --all": "setup eks --regions eu-west-1 us-east-1 --all",
    "setup eks --regions a b --all": "setup eks --regions a b --all",
    "cache -o yaml list": "cache list -o yaml",
    "-o json explain E3": "explain -o json E3",
    "explain E3 -o json": "explain E3 -o json",
    "doctor -n web -- get pods -ojson -n x": "doctor -n web -- get pods -ojson -n x",
    "-n web doctor -- -ojson doctor": "doctor -n web -- -ojson doctor",
    "doctor --error -": "doctor --error -",
    "doctor --wait -5": "doctor --wait -5",
    "help setup eks": "setup eks --help",
    "--version": "--version",
    "status --help": "status --help",
    "-h setup eks": "setup eks -h",
    // What nobody knows stays as it is, to be refused by its name.
    frobnicate: "frobnicate",
    "--frob status": "status --frob",
    "--frob x": "--frob x",
    "-x status": "status -x",
    "status -xjson": "status -xjson",
    "completion bash -ojson": "completion bash -ojson",
    "setup esk -ojson": "setup esk -o=json",
    "--toString status": "status --toString",
    // A group by itself asks for its help, but not one that is asked for something.
    "": "--help",
    setup: "setup --help",
    "--color never setup": "setup --color never --help",
    credential: "credential --help",
    "setup --cluster lab": "setup --cluster lab",
    "-ojson": "-o=json",
    "setup -- eks": "setup -- eks",
  };
  for (const [typed, arranged] of Object.entries(cases)) {
    it(`makes \`${arranged}\` of \`${typed}\``, () => {
      const split = (line: string) => line.split(" ").filter((word) => word !== "");
      assert.deepEqual(arrangeWords(commands(), split(typed)).words, split(arranged));
    });
  }

  it("says which command it is", () => {
    assert.deepEqual(arrangeWords(commands(), ["-n", "web", "doctor", "--", "status"]).path, ["doctor"]);
    assert.deepEqual(arrangeWords(commands(), ["--cluster", "x", "setup", "-ojson", "eks"]).path, [
      "setup",
      "eks",
    ]);
  });

  it("leaves every character of a value alone", () => {
    const value = 'list deployments.apps -n "web" = x';
    assert.deepEqual(arrangeWords(commands(), ["--for", value, "doctor"]).words, ["doctor", "--for", value]);
    assert.deepEqual(arrangeWords(commands(), [`--for=${value}`, "doctor"]).words, [
      "doctor",
      `--for=${value}`,
    ]);
    assert.deepEqual(arrangeWords(commands(), ["doctor", "-n", ""]).words, ["doctor", "-n", ""]);
  });
});

describe("the options of all commands", () => {
  it("take a value, or none, wherever they are spelled alike", () => {
    const seen = new Map<string, Set<string>>();
    for (const { spellings, takes } of flagsBelow(commands()))
      for (const spelling of spellings) seen.set(spelling, (seen.get(spelling) ?? new Set()).add(takes));
    assert.deepEqual(
      [...seen].filter(([, takes]) => takes.size > 1),
      [],
    );
    assert.ok(seen.size > 40, [...seen.keys()].join());
  });
});
