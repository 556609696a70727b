import MarkdownIt from "markdown-it";
import type { Plugin } from "vite";

/** Documents. */
const MARKDOWN = /\.md$/;
const OWN_PICTURE = /^(?!\/|[a-z][a-z0-9+.-]*:)/i;

/**
 * Turns `*.md` into modules `{title, html}`. HTML in a document is text, and only links that cannot run anything stay
 * links (the library's own rules), so the result can be put into the page as it is.
 */
export function markdownModules(): Plugin {
  return {
    name: "markdown-modules",
    transform(text, id) {
      return MARKDOWN.test(id) ? { code: moduleOf(text), map: null } : undefined;
    },
  };
}

/** Source of the module of a document. Pictures beside it become files of the page. */
export function moduleOf(text: string): string {
  const { title, html, pictures } = render(text);
  const imports = pictures.map((source, index) => `import picture${index} from ${JSON.stringify(source)};`);
  const parts = html.split(/__PICTURE_(\d+)__/);
  const joined = parts.map((part, index) => (index % 2 === 1 ? `picture${part}` : JSON.stringify(part)));
  return [
    ...imports,
    `export const title = ${JSON.stringify(title)};`,
    `export const html = ${joined.join(" + ")};`,
  ].join("\n");
}

function render(text: string): { title: string; html: string; pictures: string[] } {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const tokens = markdown.parse(text, {});
  const pictures: string[] = [];
  let title = "";
  for (const [index, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const words = tokens[index + 1]?.content ?? "";
      if (title === "" && token.tag === "h1") title = words.replaceAll("`", "");
      token.attrSet("id", slugOf(words));
    }
    for (const child of token.children ?? []) {
      const source = child.type === "image" ? child.attrGet("src") : null;
      if (source === null || !OWN_PICTURE.test(source)) continue;
      child.attrSet("src", `__PICTURE_${pictures.length}__`);
      pictures.push(source.startsWith(".") ? source : `./${source}`);
    }
  }
  return { title, html: markdown.renderer.render(tokens, markdown.options, {}), pictures };
}

/** As repositories' own viewers make anchors of headings. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}
