import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";

const resultSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().nullish() })),
    }),
  ),
});

/** Impacts that a screen must not have. */
const SERIOUS = new Set(["serious", "critical"]);
const MAX_HTML = 160;

/**
 * What axe finds on the page, one line a place. The page's policy does not apply to what the debugger evaluates.
 * @param rules colours alone differ between themes, so one theme is judged by all rules and the other by those
 */
export async function seriousFindings(page: Page, rules: "all" | "colours"): Promise<string[]> {
  await page.evaluate(`globalThis.axe ??= (() => { ${axe.source}; return axe; })(); undefined`);
  const runOnly =
    rules === "colours" ? 'runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] },' : "";
  const result: unknown = await page.evaluate(
    `axe.run(document, { ${runOnly} resultTypes: ["violations"], iframes: false })
       .then(({ violations }) => ({ violations }))`,
  );
  return resultSchema
    .parse(result)
    .violations.filter(({ impact }) => SERIOUS.has(impact ?? ""))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${help}: ${html.slice(0, MAX_HTML)} (${failureSummary?.replaceAll(/\s+/g, " ") ?? ""})`,
      ),
    );
}
