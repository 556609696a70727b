import { join } from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;

export default defineConfig({
  root: join(root, "renderer"),
  publicDir: join(root, "resources", "icons", "web"),
  build: {
    outDir: join(root, "dist", "renderer"),
    emptyOutDir: true,
    target: "chrome140",
    // Nothing inline: the page's policy is `default-src 'self'`, which forbids data: addresses too.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
