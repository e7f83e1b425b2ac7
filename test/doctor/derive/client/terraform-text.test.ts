import assert from "node:assert/strict";
import {
  clusterLogins,
  innerBlock,
  terraformArgument,
  terraformBlocks,
} from "../../../../doctor/derive/client/terraform-text.ts";
import { EXEC_PROVIDER, TOKEN_PROVIDER } from "../../support/client-faults.ts";

describe("terraformBlocks", () => {
  it("finds blocks with their labels, and leaves comments out", () => {
    const blocks = terraformBlocks(
      `# provider "x" {\n/* y {\n} */\nresource "a" "b" {\n  c { d = 1 }\n}\nlocals {}\n`,
    );
    assert.deepEqual(
      blocks.map(({ type, labels }) => [type, ...labels]),
      [["resource", "a", "b"], ["locals"]],
    );
  });

  it("takes arguments of the block itself only", () => {
    const [block] = terraformBlocks(
      'provider "kubernetes" {\n  exec {\n    token = "inner"\n  }\n  host = "https://x"\n}',
    );
    assert.ok(block);
    assert.equal(terraformArgument(block, "token"), undefined);
    assert.equal(terraformArgument(block, "host"), "https://x");
    assert.equal(terraformArgument(innerBlock(block, "exec") ?? block, "token"), "inner");
  });

  it("bears an open brace", () => {
    assert.equal(terraformBlocks('provider "kubernetes" {\n  token = x')[0]?.body.trim(), "token = x");
  });
});

describe("clusterLogins", () => {
  it("finds those of kubernetes and, a level deeper, of helm", () => {
    const found = clusterLogins(`${TOKEN_PROVIDER}${EXEC_PROVIDER}provider "aws" {\n  region = "x"\n}\n`);
    assert.deepEqual(
      found.map(({ provider, login }) => [provider, terraformArgument(login, "host")]),
      [
        ["kubernetes", "data.aws_eks_cluster.this.endpoint"],
        ["helm", "data.aws_eks_cluster.this.endpoint"],
      ],
    );
  });
});
