import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { commandLine } from "../../../doctor/mend/shell.ts";

/** Words that shells like to change. */
const WORDS = [
  "plain",
  "arn:aws:iam::111122223333:role/Dev",
  "type=namespace,namespaces=web,team-*",
  '{"data":{"mapRoles":"- rolearn: x\\n"}}',
  "it's",
  "two words",
  "$HOME `id` $(id)",
  "a\nb",
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

describe("a command line for a POSIX shell", () => {
  it("hands every word on as it is", () => {
    const line = commandLine(["printf", "%s\\0", ...WORDS], "bash");
    const { stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.split("\0").slice(0, -1), WORDS);
  });

  it("leaves words without danger unquoted, as a person would write them", () => {
    assert.equal(
      commandLine(
        ["aws", "eks", "describe-cluster", "--name", "lab", "--access-scope", "type=cluster"],
        "bash",
      ),
      "aws eks describe-cluster --name lab --access-scope type=cluster",
    );
  });

  it("lets a redirection be one", () => {
    const words = ["kubectl", "get", "configmap", "aws-auth", "-o", "yaml", ">", "aws-auth-before.yaml"];
    assert.equal(commandLine(words, "bash"), "kubectl get configmap aws-auth -o yaml > aws-auth-before.yaml");
  });
});

describe("a command line for PowerShell", () => {
  const line = (...words: string[]) => commandLine(words, "powershell");

  it("quotes what makes lists, hash tables, variables and comments there", () => {
    assert.equal(
      line("aws", "x", "type=namespace,namespaces=web,team-*", "$HOME", "@file", "#c", "it's", "a b", ""),
      "aws x 'type=namespace,namespaces=web,team-*' '$HOME' '@file' '#c' 'it''s' 'a b' ''",
    );
  });

  it("leaves ARNs, paths and flags alone, but quotes a flag with a dot, a colon or a value", () => {
    assert.equal(
      line(
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
      line("kubectl", "patch", "--patch", '{"data":{}}'),
      `kubectl patch --patch ('{"data":{}}' -replace '"', $(if ($PSVersionTable.PSVersion -lt '7.3') { '\\"' } else { '"' }))`,
    );
  });

  it("writes files as UTF-8, which kubectl can read back", () => {
    assert.equal(
      line("kubectl", "get", "configmap", ">", "before.yaml"),
      "kubectl get configmap | Set-Content -Encoding utf8 before.yaml",
    );
  });

  it("speaks of variables in its own words", () => {
    assert.equal(line("unset", "AWS_PROFILE", "AWS_REGION"), "Remove-Item Env:AWS_PROFILE, Env:AWS_REGION");
    assert.equal(line("export", "NO_PROXY=a=b,c"), "$env:NO_PROXY = 'a=b,c'");
  });

  it("calls a program by its path, and curl and not Invoke-WebRequest", () => {
    assert.equal(line("C:\\my tools\\aws.exe", "x"), "& 'C:\\my tools\\aws.exe' x");
    assert.equal(line("curl", "-sS", "https://x.example"), "curl.exe -sS https://x.example");
  });
});
