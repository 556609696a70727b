import { join } from "node:path";
import { defineConfig } from "vite";
import { markdownModules } from "./scripts/markdown-modules.ts";

const root = import.meta.dirname;

export default defineConfig({
  root: join(root, "renderer"),
  publicDir: join(root, "resources", "icons", "web"),
  plugins: [markdownModules()],
  // Replaced by the host at every load; see core/host/renderer-files.ts.
  html: { cspNonce: "__STYLE_NONCE__" },
  build: {
    outDir: join(root, "dist", "renderer"),
    emptyOutDir: true,
    target: "chrome140",
    // Nothing inline: the page's policy is `default-src 'self'`, which forbids data: addresses too.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn(warning, warn) {
        // "use client" in libraries is for servers that render React; there is none.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
});
