const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/**
 * The strings of a text in HCL, and what Terraform would not take, or take for a template. Source: HCL's specification,
 * "Quoted template expressions".
 */
export function hclStrings(text: string): {
  readonly found: ReadonlySet<string>;
  readonly fault: string | undefined;
} {
  const found = new Set<string>();
  const outside = text.replaceAll(/"((?:[^"\\\n]|\\.)*)"/g, (_whole, inner: string) => {
    found.add(
      inner.replaceAll(/\\u([\da-f]{4})|\\(.)|\$\$\{|%%\{|[$%]\{/g, (sign, hex?: string, letter?: string) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (letter !== undefined) return ESCAPES[letter] ?? "(no escape of HCL)";
        return sign.length === 3 ? sign.slice(1) : "(a template)";
      }),
    );
    return "STRING";
  });
  const strange = /[^\w\s{}[\]=.,]/.exec(outside)?.[0];
  const fault = strange === undefined ? undefined : `${strange} outside of strings`;
  return { found, fault };
}
