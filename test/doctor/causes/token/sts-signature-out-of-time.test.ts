import { keysRefused, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const EXPIRED =
  "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z (20260115T120000Z - 15 min.)";
const SLOW = { clocks: [{ peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: -2400 }] };

testRule("token/sts-signature-out-of-time", "S8", {
  certain: {
    "knows the words for a clock that is fast, and ours": [
      "Signature not yet current: 20260115T130000Z is still later than 20260115T120500Z (20260115T120000Z + 5 min.)",
      "This machine's clock is about 400 s behind that of us.vouch.sh, which therefore refused the login.",
    ].map((words) => pluginFailed(words, { changes: SLOW })),
  },
  possible: {
    "the clocks agree by now": keysRefused(EXPIRED),
  },
  passed: {
    "leaves a wrong secret alone": keysRefused(
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match the signature you provided.",
    ),
  },
});
