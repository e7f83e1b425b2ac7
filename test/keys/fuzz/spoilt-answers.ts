import { decode } from "cborg";
import fc from "fast-check";
import type { HidPipe, SecurityKeys } from "../../../token/fido2/hid/security-keys.ts";
import { softReports } from "../../lab/key/soft-reports.ts";
import { CBOR } from "../../token/fido2/scripted-pipe.ts";
import { treeOf } from "./cbor-tree.ts";
import { ModelAssembler } from "./model-assembler.ts";
import { type Mutation, mutated, mutations } from "./mutations.ts";

/** One of a key's answers, counted from the first, that it gives with a spoilt map. */
export interface AnswerFault {
  readonly at: number;
  readonly mutation: Mutation;
}

export const answerFaults: fc.Arbitrary<AnswerFault[]> = fc.array(
  fc.record({ at: fc.nat(9), mutation: mutations }),
  { minLength: 1, maxLength: 3 },
);

/** The same keys, some of whose answers are spoilt. */
export function withSpoiltAnswers(keys: SecurityKeys, faults: readonly AnswerFault[]): SecurityKeys {
  return {
    list: keys.list,
    open: async (key) => spoiltAnswers(await keys.open(key), faults),
  };
}

function spoiltAnswers(pipe: HidPipe, faults: readonly AnswerFault[]): HidPipe {
  let answers = -1;
  let assembler: ModelAssembler | undefined;
  return {
    ...{ write: pipe.write, close: pipe.close },
    listen({ report, error }) {
      pipe.listen({
        error,
        report(bytes) {
          const cid = Buffer.from(bytes).readUInt32BE(0);
          if (bytes[4] === (0x80 | CBOR)) assembler = new ModelAssembler(cid);
          if (assembler === undefined) return report(bytes);
          const heard = assembler.feed(bytes);
          if (typeof heard !== "object") return;
          assembler = undefined;
          answers += 1;
          const fault = faults.find(({ at }) => at === answers);
          for (const each of softReports(cid, CBOR, spoilt(heard.payload, fault))) report(each);
        },
      });
    },
  };
}

function spoilt(answer: Uint8Array, fault: AnswerFault | undefined): Uint8Array {
  if (fault === undefined || answer.length < 2) return answer;
  const tree = treeOf(decode(answer.subarray(1), { useMaps: true }));
  return Buffer.concat([answer.subarray(0, 1), mutated([tree], fault.mutation)]);
}
