import { defineConfig } from "vite";

export default defineConfig({
  build: {
    // The hub and the wasm are shared by all tabs under their addresses: inlined, each tab would have its own.
    assetsInlineLimit: 0,
    target: "es2022",
  },
});
