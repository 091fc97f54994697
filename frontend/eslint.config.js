import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const LEAKS = [
  ["addEventListener", "Use Scope.listen: a listener belongs to a scope that can be closed."],
  ["removeEventListener", "Use Scope.listen: a listener belongs to a scope that can be closed."],
];
const GLOBAL_LEAKS = [
  ["setInterval", "Use Scope.interval."],
  ["setTimeout", "Use Scope.timeout."],
  ["requestAnimationFrame", "Use Clock: it alone asks for animation frames."],
  ["ResizeObserver", "Use Scope.onResize."],
  ["MutationObserver", "Use Scope.onMutation."],
  ["fetch", "Views never fetch: use a Source of api.ts."],
];

export default defineConfig(
  { ignores: ["node_modules", "coverage"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./tests/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-restricted-globals": ["error", ...GLOBAL_LEAKS.map(([name, message]) => ({ name, message }))],
      "no-restricted-properties": [
        "error",
        ...LEAKS.map(([property, message]) => ({ property, message })),
        ...GLOBAL_LEAKS.map(([property, message]) => ({ object: "window", property, message })),
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "CallExpression[callee.name='addEventListener']", message: "Use Scope.listen." },
      ],
    },
  },
  {
    files: ["src/scope.ts", "src/clock.ts", "src/api.ts", "src/painting/worker.ts"],
    rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" },
  },
  {
    files: ["*.config.ts"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { project: false } },
  },
  {
    files: ["build.mjs"],
    languageOptions: { globals: { process: "readonly" } },
  },
);
