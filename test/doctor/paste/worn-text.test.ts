import assert from "node:assert/strict";
import { plainText } from "../../../doctor/derive/pasted-text.ts";
import { plainLines } from "../../../doctor/paste/plain-lines.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const ARN =
  "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Developers_0123456789abcdef/ada@example.com";
const FORBIDDEN = `Error from server (Forbidden): pods is forbidden: User "${ARN}" cannot list resource "pods" in API group "" in the namespace "payments"`;
const CALLER = `{\n    "UserId": "AROAX:ada",\n    "Account": "111122223333",\n    "Arn": "${ARN}"\n}`;
const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)";
const TERMINAL = `$ aws sts get-caller-identity\n${CALLER}\n$ kubectl get pods -n payments\n${UNAUTHORIZED}`;

const parts = (text: string) => {
  const { apiVersion: _1, kind: _2, gatheredAt: _3, ...read } = readPasted([{ text }], 0).evidence;
  return read;
};
const EXPECTED = parts(TERMINAL);
const wrapped = (text: string, width: number) =>
  text
    .split("\n")
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "g")) ?? [""])
    .join("\n");
const prefixed = (prefix: string) => TERMINAL.replaceAll(/^/gm, prefix);

describe("a text that was copied through other programs", () => {
  const COPIES: Readonly<Record<string, string>> = {
    "a mail in which an answer stands above the quote": `Hello,\n\nsee below. Thanks!\n\n${prefixed("> ")}\n`,
    "a quote of a quote": `Hi\n\n${prefixed("> > ")}\n\nRegards`,
    "a block of code in Markdown": `It does not work:\n\n${prefixed("    ")}\n\nWhat now?`,
    "a box of a wiki": `┌──┐\n${TERMINAL.replaceAll(/^.*$/gm, (line) => `│ ${line.padEnd(120)} │`)}\n└──┘`,
    "a log in which one line of eight lacks its stamp": prefixed("2026-01-15T12:00:00.1234567Z ").replace(
      /^\S+ {5}"UserId"/m,
      '    "UserId"',
    ),
    "a word processor": TERMINAL.replaceAll('"', "“")
      .replaceAll(" -n ", " –n ")
      .replaceAll("    ", "\u00a0\u202f  "),
    "a chat that adds invisible characters": TERMINAL.replaceAll(" ", " \u200b").replaceAll("\n", "\u2060\n"),
    "a window of 80 columns": wrapped(TERMINAL, 80),
  };
  for (const [what, text] of Object.entries(COPIES))
    it(`is read as it was: ${what}`, () => {
      const { question, callerIdentity } = parts(text);
      assert.deepEqual(callerIdentity, EXPECTED.callerIdentity);
      assert.equal(question?.command, "kubectl get pods -n payments");
      assert.match(question?.stderr ?? "", /^error: You must be logged in/);
    });

  it("keeps its lines, so that their numbers are right", () => {
    for (const text of Object.values(COPIES))
      assert.equal(plainLines(text).split("\n").length, text.split("\n").length);
  });

  it("is no quote where a prompt or a command goes on", () => {
    for (const text of ["$ kubectl get pods \\\n> -n web \\\n> -o json \\\n> --context lab", "> a\nb\n> c"])
      assert.equal(plainLines(text), text);
  });

  it("has no letters or digits guessed", () => {
    for (const text of ["arn:aws:iam::lll122223333:role/Dev", "O0 lI1", 'say "it’s"', 'the “x” in "y"'])
      assert.equal(plainLines(text), text.includes('"it') ? 'say "it\'s"' : text);
  });

  it("keeps blocks that are indented for another reason, and Terraform's frames", () => {
    for (const text of ["a:\n    b: |\n        c\n", "╷\n│ Error: x\n│ \n╵", "list:\n    - a\n"])
      assert.equal(plainLines(text), text);
  });
});

describe("an error that a terminal has wrapped", () => {
  for (const width of [60, 72, 80, 100, 120])
    it(`is whole again at ${width} columns`, () => {
      assert.equal(plainText(wrapped(FORBIDDEN, width)), FORBIDDEN);
    });

  it("is joined by blanks where words were wrapped", () => {
    const words = FORBIDDEN.replaceAll(/(.{1,110}) /g, "$1\n");
    assert.equal(plainText(words), FORBIDDEN);
  });

  it("is not joined where a line ends with an ARN that may be whole", () => {
    const text = `The caller of this command, which is the one to look at, is arn:aws:iam::111122223333:role/Dev\nkubectl\n`;
    assert.match(plainText(text), /role\/Dev kubectl$/);
    assert.match(plainText(text.replace("role/Dev", "root")), /:root kubectl$/);
  });

  it("has its command whole, too", () => {
    const command = "kubectl get pods --context arn:aws:eks:eu-west-1:111122223333:cluster/lab";
    const text = `$ ${command.replace("cluster/", "clus\nter/")}\n${UNAUTHORIZED}\n`;
    assert.equal(readPasted([{ text }], 0).evidence.question?.command, command);
  });
});
