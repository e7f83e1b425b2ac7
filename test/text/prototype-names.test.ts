import assert from "node:assert/strict";
import { parseAttempt } from "../../doctor/derive/authorization/access-request.ts";
import { surelyAsksApiServer } from "../../doctor/derive/client/api-call.ts";
import { typed } from "../../token/command/command.ts";
import { runWords } from "../../token/command/run-words.ts";
import { TEXT_FUNCTIONS } from "./functions.ts";

const FUNCTIONS: typeof TEXT_FUNCTIONS = {
  ...TEXT_FUNCTIONS,
  parseAttempt: (text) => parseAttempt(text),
  surelyAsksApiServer,
  typed: (text) => runWords(typed(text.split(" "))),
};

/** Places where a name of others may be looked up in a table of ours. */
const PLACES: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `${name} get pods`,
  (name) => `$ ${name} get pods\nerror: x`,
  (name) => `get ${name} ${name} ${name}`,
  (name) => `$ kubectl auth can-i ${name} ${name}/${name}\nno`,
  (name) => `$ aws ${name} ${name}\nx`,
  (name) => `{"kind":"${name}","apiVersion":"v1"}`,
  (name) => `{"kind":"List","items":[{"kind":"${name}"}]}`,
  (name) => `apiVersion: v1\nkind: ${name}\n`,
  (name) => `[profile ${name}]\n${name} = ${name}\n`,
  (name) => `${name}=${name}\nA=b\n`,
];

describe("a name that every object has", () => {
  for (const [what, read] of Object.entries(FUNCTIONS))
    it(`is a name like any other: ${what}`, () => {
      for (const name of Object.getOwnPropertyNames(Object.prototype))
        for (const place of PLACES)
          try {
            read(place(name));
          } catch (error) {
            assert.ok(!(error instanceof TypeError), `${place(name)}: ${String(error)}`);
          }
    });
});
