import assert from "node:assert/strict";
import { commandWords, flagValue } from "../../../../doctor/derive/kubeconfig/command-words.ts";

describe("commandWords", () => {
  const lines: Readonly<Record<string, readonly string[]>> = {
    "kubectl get pods -n payments": ["kubectl", "get", "pods", "-n", "payments"],
    'kubectl --kubeconfig "C:\\Users\\Ada L\\kube.yaml" get po': [
      "kubectl",
      "--kubeconfig",
      "C:\\Users\\Ada L\\kube.yaml",
      "get",
      "po",
    ],
    "kubectl --kubeconfig C:\\Users\\ada\\kube.yaml": [
      "kubectl",
      "--kubeconfig",
      "C:\\Users\\ada\\kube.yaml",
    ],
    "& 'C:\\Program Files\\kubectl.exe' get ns": ["&", "C:\\Program Files\\kubectl.exe", "get", "ns"],
    'kubectl patch cm a -p "{\\"data\\":{}}"': ["kubectl", "patch", "cm", "a", "-p", '{"data":{}}'],
    'kubectl patch cm a -p "{`"data`":{}}"': ["kubectl", "patch", "cm", "a", "-p", '{"data":{}}'],
    "kubectl get po -l 'app in (a, b)'": ["kubectl", "get", "po", "-l", "app in (a, b)"],
    "a '' \"b": ["a", "", "b"],
    "  ": [],
  };
  for (const [line, words] of Object.entries(lines)) {
    it(`cuts ${line}`, () => {
      assert.deepEqual(commandWords(line), words);
    });
  }
});

describe("flagValue", () => {
  it("is the last value, in either spelling, before --", () => {
    const words = ["kubectl", "--context", "a", "--context=b", "exec", "p", "--", "--context", "c"];
    assert.equal(flagValue(words, "--context"), "b");
    assert.equal(flagValue(words, "--namespace"), undefined);
  });
});
