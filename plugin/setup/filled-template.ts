import { VouchError } from "../../token/errors/errors.ts";

/** The template of an option, with its placeholders replaced: `{cluster}-dev`. Throws `usage` for a placeholder that is unknown. */
export function filledTemplate<Placeholder extends string>(
  { option, template }: { readonly option: string; readonly template: string },
  placeholders: readonly Placeholder[],
  fill: (placeholder: Placeholder) => string,
): string {
  return template.replace(/\{([^{}]*)\}/g, (_, word: string) => {
    const known = placeholders.find((placeholder) => placeholder === word);
    if (known !== undefined) return fill(known);
    throw new VouchError("usage", `${option} ${template} contains {${word}}, which is not a placeholder.`, {
      hint: `Placeholders are ${placeholders.map((placeholder) => `{${placeholder}}`).join(", ")}.`,
    });
  });
}
