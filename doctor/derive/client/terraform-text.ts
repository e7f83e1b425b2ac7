/** A block of a Terraform file: `provider "kubernetes" { … }`. */
export interface TerraformBlock {
  /** `provider`, `exec`, `assume_role`, … */
  readonly type: string;
  readonly labels: readonly string[];
  /** The text between its braces, without comments. */
  readonly body: string;
  /** The offsets of that text. */
  readonly start: number;
}

/** The blocks at the top level of a text or of a block's body; nothing is evaluated. */
export function terraformBlocks(text: string): TerraformBlock[] {
  const plain = withoutComments(text);
  const blocks: TerraformBlock[] = [];
  const head = /(?:^|[\n{};])[ \t]*([A-Za-z_]\w*)[ \t]*((?:"[^"\n]*"[ \t]*)*)(?:=[ \t]*)?\{/g;
  for (let match = head.exec(plain); match !== null; match = head.exec(plain)) {
    const end = closingBrace(plain, head.lastIndex);
    const labels = [...(match[2] ?? "").matchAll(/"([^"]*)"/g)].map(([, label = ""]) => label);
    blocks.push({
      type: match[1] ?? "",
      labels,
      body: plain.slice(head.lastIndex, end),
      start: head.lastIndex,
    });
    head.lastIndex = end;
  }
  return blocks;
}

/** The value of an argument of the block itself, as written but without quotes: `data.aws_eks_cluster_auth.this.token`. */
export function terraformArgument(block: TerraformBlock, name: string): string | undefined {
  const own = withoutInner(block);
  const heads = [...own.matchAll(/(?:^|[\n{;,])[ \t]*(\w+)[ \t]*=/g)];
  const head = heads.find(([, found]) => found === name);
  if (head === undefined) return undefined;
  const value = /^[^\n;]+/.exec(own.slice(head.index + head[0].length))?.[0].trim();
  if (value === undefined) return undefined;
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

/** A block's body without the bodies of the blocks in it. */
function withoutInner({ body }: TerraformBlock): string {
  const inner = terraformBlocks(body);
  const ends = [0, ...inner.map(({ start, body: skipped }) => start + skipped.length)];
  const starts = [...inner.map(({ start }) => start), body.length];
  return ends.map((end, index) => body.slice(end, starts[index])).join("");
}

function withoutComments(text: string): string {
  const lines = text.replaceAll(/^[ \t]*(?:#|\/\/).*|\s#\s.*/gm, "");
  const kept: string[] = [];
  let at = 0;
  for (let begin = lines.indexOf("/*"); begin >= 0; begin = lines.indexOf("/*", at)) {
    const end = lines.indexOf("*/", begin + 2);
    if (end < 0) break;
    kept.push(lines.slice(at, begin));
    at = end + 2;
  }
  return kept.join("") + lines.slice(at);
}

/** A block inside a block. */
export function innerBlock(block: TerraformBlock, type: string): TerraformBlock | undefined {
  return terraformBlocks(block.body).find((inner) => inner.type === type);
}

/** Providers that log in to a cluster; helm 2 has the login in an inner block (helm 3: an argument) called `kubernetes`. */
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
