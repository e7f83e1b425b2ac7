/** A block of a Terraform file: `provider "kubernetes" { … }`. */
export interface TerraformBlock {
  /** `provider`, `exec`, `assume_role`, … */
  readonly type: string;
  readonly labels: readonly string[];
  /** What stands between its braces, comments left out. */
  readonly body: string;
}

/** The blocks of a text at its top level, or of a block's body; nothing is evaluated. */
export function terraformBlocks(text: string): TerraformBlock[] {
  const plain = text.replaceAll(/^[ \t]*(?:#|\/\/).*$|\s#\s.*$/gm, "").replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const blocks: TerraformBlock[] = [];
  const head = /(?:^|[\n{};])[ \t]*([A-Za-z_]\w*)[ \t]*((?:"[^"\n]*"[ \t]*)*)=?[ \t]*\{/g;
  for (let match = head.exec(plain); match !== null; match = head.exec(plain)) {
    const end = closingBrace(plain, head.lastIndex);
    const labels = [...(match[2] ?? "").matchAll(/"([^"]*)"/g)].map(([, label = ""]) => label);
    blocks.push({ type: match[1] ?? "", labels, body: plain.slice(head.lastIndex, end) });
    head.lastIndex = end;
  }
  return blocks;
}

/** The value of an argument as it is written, quotes taken off: `data.aws_eks_cluster_auth.this.token`. Only of the block itself. */
export function terraformArgument(block: TerraformBlock, name: string): string | undefined {
  let own = block.body;
  for (const inner of terraformBlocks(own)) own = own.replace(inner.body, "");
  const match = new RegExp(`(?:^|[\\n{;,])[ \\t]*${name}[ \\t]*=[ \\t]*([^\\n;]+)`).exec(own);
  return match?.[1]?.trim().replace(/^"(.*)"$/, "$1");
}

/** A block inside a block. */
export function innerBlock(block: TerraformBlock, type: string): TerraformBlock | undefined {
  return terraformBlocks(block.body).find((inner) => inner.type === type);
}

/** Providers that log in to a cluster; helm 2 keeps it in an inner block (helm 3: an argument) called `kubernetes`. */
export function clusterLogins(text: string): { readonly provider: string; readonly login: TerraformBlock }[] {
  return terraformBlocks(text)
    .filter(({ type }) => type === "provider")
    .flatMap((block) => {
      const [provider = ""] = block.labels;
      if (provider === "helm") {
        const login = innerBlock(block, "kubernetes");
        return login === undefined ? [] : [{ provider, login }];
      }
      return ["kubernetes", "kubectl"].includes(provider) ? [{ provider, login: block }] : [];
    });
}

function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === "{") depth += 1;
    if (text[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return text.length;
}
