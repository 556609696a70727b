import { describe, expect, it } from "vitest";
import { moduleOf } from "../../../scripts/markdown-modules.ts";

/** What the page would get to show. */
async function htmlOf(text: string): Promise<string> {
  const source = moduleOf(text);
  const module: { html: string } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return module.html;
}

describe("a document of the help", () => {
  it("has a title, and headings that links can lead to", async () => {
    const source = moduleOf("# The `window`\n\n## What is kept?\n");
    expect(source).toContain('export const title = "The window";');
    expect(await htmlOf("## What is kept?\n")).toBe('<h2 id="what-is-kept">What is kept?</h2>\n');
  });

  it("is text where it holds markup, and links to nothing that runs", async () => {
    const html = await htmlOf(
      "<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) <script>b()</script>",
    );
    expect(html).not.toMatch(/<(img|script)|href="javascript/);
    expect(html).toContain("&lt;script&gt;");
  });

  it("brings its pictures along as files of the page, and takes none from elsewhere", () => {
    const source = moduleOf("![a](images/a.png) ![b](https://example.com/b.png)");
    expect(source).toContain('import picture0 from "./images/a.png";');
    expect(source).not.toContain("picture1");
    expect(source).toContain("+ picture0 +");
  });
});
