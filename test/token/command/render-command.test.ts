import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  type Command,
  run,
  setVariable,
  typed,
  unsetVariables,
  writeFile,
} from "../../../token/command/command.ts";
import { renderCommand, type Shell } from "../../../token/command/render-command.ts";

/** Words that shells like to change. */
const WORDS = [
  "plain",
  "arn:aws:iam::111122223333:role/Dev",
  "type=namespace,namespaces=web,team-*",
  '{"data":{"mapRoles":"- rolearn: x\\n"}}',
  "it's",
  "two words",
  "$HOME `id` $(id)",
  "!history",
  "back\\slash",
  "#comment",
  "~",
  "-n",
  "--role=x",
  "*?[]{}",
  "é…",
  "",
];

function line(command: Command, shell: Shell): string {
  const result = renderCommand(command, shell);
  assert.ok("line" in result, JSON.stringify(result));
  return result.line;
}

describe("a command for a POSIX shell", () => {
  it("hands every word on as it is", () => {
    const { stdout, stderr } = spawnSync("sh", ["-c", line(typed(["printf", "%s\\0", ...WORDS]), "bash")], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.split("\0").slice(0, -1), WORDS);
  });

  it("leaves words without danger unquoted, as a person would write them", () => {
    assert.equal(
      line(run("aws", "eks describe-cluster", { name: "lab", "access-scope": "type=cluster" }), "bash"),
      "aws eks describe-cluster --name lab --access-scope type=cluster",
    );
  });

  it("writes what a program prints to a file", () => {
    assert.equal(
      line(writeFile(run("kubectl", "get configmap", { o: "yaml" }), "a b.yaml"), "bash"),
      "kubectl get configmap -o yaml > 'a b.yaml'",
    );
  });
});

describe("a command for PowerShell", () => {
  const words = (...list: string[]) => line(typed(list), "powershell");

  it("quotes what makes lists, hash tables, variables and comments there", () => {
    assert.equal(
      words("aws", "x", "type=namespace,namespaces=web,team-*", "$HOME", "@file", "#c", "it's", "a b"),
      "aws x 'type=namespace,namespaces=web,team-*' '$HOME' '@file' '#c' 'it''s' 'a b'",
    );
  });

  it("doubles typographic quotes, which it takes for plain ones", () => {
    assert.equal(
      words("x", "a\u2018b\u2019c\u201Ad\u201Be"),
      "x 'a\u2018\u2018b\u2019\u2019c\u201A\u201Ad\u201B\u201Be'",
    );
  });

  it("leaves ARNs, paths and flags alone, but quotes a flag with a dot, a colon or a value", () => {
    assert.equal(
      words(
        "aws",
        "--name",
        "arn:aws:iam::111122223333:role/Dev",
        "C:\\a\\b",
        "-n",
        "--a.b",
        "--role=x",
        "-x:y",
      ),
      "aws --name arn:aws:iam::111122223333:role/Dev C:\\a\\b -n '--a.b' '--role=x' '-x:y'",
    );
  });

  it("keeps double quotes for old and new versions, which treat them in opposite ways", () => {
    assert.equal(
      words("kubectl", "patch", "--patch", '{"data":{}}'),
      `kubectl patch --patch ('{"data":{}}' -replace '(\\\\*)"', $(if ($PSVersionTable.PSVersion -lt '7.3') { '$1$1\\"' } else { '$1"' }))`,
    );
  });

  it("writes files as UTF-8, which kubectl can read back", () => {
    assert.equal(
      line(writeFile(run("kubectl", "get configmap"), "before.yaml"), "powershell"),
      "kubectl get configmap | Set-Content -Encoding utf8 -LiteralPath 'before.yaml'",
    );
  });

  it("speaks of variables in its own words", () => {
    assert.equal(
      line(unsetVariables("AWS_PROFILE", "AWS_REGION"), "powershell"),
      "Remove-Item Env:AWS_PROFILE, Env:AWS_REGION",
    );
    assert.equal(line(setVariable("NO_PROXY", "a=b,c"), "powershell"), "$env:NO_PROXY = 'a=b,c'");
  });

  it("calls a program by its path, and curl and not Invoke-WebRequest", () => {
    assert.equal(words("C:\\my tools\\aws.exe", "x"), "& 'C:\\my tools\\aws.exe' x");
    assert.equal(words("curl", "-sS", "https://x.example"), "curl.exe -sS https://x.example");
  });
});
