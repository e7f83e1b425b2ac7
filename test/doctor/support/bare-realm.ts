import assert from "node:assert/strict";
import vm from "node:vm";
import type { PageAnswer, PageRequest } from "../../../doctor/browser/messages.ts";

/** The worker, with nothing around it but what every engine and every worker of a browser has. */
export function inBareRealm(source: string): (request: PageRequest) => PageAnswer {
  const answers: PageAnswer[] = [];
  const self: {
    onmessage?: (event: { readonly data: PageRequest }) => void;
    postMessage: (answer: PageAnswer) => void;
  } = {
    postMessage: (one) => answers.push(JSON.parse(JSON.stringify(one)) as PageAnswer),
  };
  const realm = { self, URL, URLSearchParams, atob, btoa, TextEncoder, TextDecoder };
  vm.runInNewContext(source, realm);
  return (request) => {
    self.onmessage?.({ data: request });
    return answers.pop() ?? assert.fail("the worker says nothing");
  };
}
