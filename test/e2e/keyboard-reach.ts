import type { Page } from "playwright-core";
import { z } from "zod";

/** What a pointer can press; Monaco's own parts are its own, and are left by its documented shortcut. */
const REACH = `(() => {
  const INTERACTIVE = "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=switch], [role=treeitem], [role=option], [role=separator][aria-valuenow], [role=menuitem]";
  // One member takes the focus, arrow keys go to the others.
  const COMPOSITE = "[role=tablist], [role=tree], [role=radiogroup], [role=menu], [role=listbox], [role=toolbar]";
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert], [aria-hidden=true], .monaco-editor");
  return [...document.querySelectorAll(INTERACTIVE)]
    .filter((element) => isShown(element) && !element.matches(":disabled, [aria-disabled=true]") && element.type !== "hidden")
    .filter((element) => {
      if (element.tabIndex >= 0) return false;
      const whole = element.closest(COMPOSITE);
      return whole === null || ![...whole.querySelectorAll("*")].some((member) => member.tabIndex >= 0);
    })
    .map((element) => element.outerHTML.slice(0, 160));
})()`;

/** Remembers how everything looks that can take the focus, before anything has it. */
const LOOK = `(() => {
  const look = (element) => [element, element.parentElement, element.nextElementSibling].map((part) => {
    if (!part) return "";
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(part);
    return outlineStyle === "none" ? [boxShadow, borderColor, backgroundColor].join() : [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor].join();
  }).join("|");
  const before = new Map([...document.querySelectorAll("*")].filter(({ tabIndex }) => tabIndex >= 0).map((element) => [element, look(element)]));
  globalThis.focusLook = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return { at: "", isVisible: true };
    const at = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60);
    return { at: element.tagName.toLowerCase() + " " + at, isVisible: before.get(element) !== look(element) };
  };
})()`;

const listSchema = z.array(z.string());
const lookSchema = z.object({ at: z.string(), isVisible: z.boolean() });

/** Interactive elements that no key leads to. */
export async function unreachable(page: Page): Promise<string[]> {
  return listSchema.parse(await page.evaluate(REACH));
}

/**
 * Presses Tab once around the page.
 * @returns where the focus was, in order, and those of them where nothing showed it
 */
export async function walk(page: Page, maxSteps = 200): Promise<{ stops: string[]; unseen: string[] }> {
  await page.evaluate("document.activeElement?.blur()");
  await page.evaluate(LOOK);
  const stops: string[] = [];
  const unseen: string[] = [];
  let ends = 0;
  for (let step = 0; step < maxSteps; step += 1) {
    await page.keyboard.press("Tab");
    const { at, isVisible } = lookSchema.parse(await page.evaluate("globalThis.focusLook()"));
    if (at === "") {
      // Past the last element the focus leaves the page: the first time from the middle, the second time from its begin.
      ends += 1;
      if (ends === 2) return { stops, unseen };
      stops.length = 0;
      continue;
    }
    stops.push(at);
    if (!isVisible) unseen.push(at);
  }
  throw new Error(
    `Tab did not come around within ${maxSteps} steps; the last stops: ${stops.slice(-5).join(", ")}`,
  );
}
