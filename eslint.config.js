import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Rooms each room may import besides itself and `shared` (docs/architecture.md, "Rooms"). */
const mayImport = {
  shared: [],
  model: [],
  southbound: [],
  discovery: ["southbound"],
  mapping: ["model", "southbound/driver"],
  store: ["model"],
  presentation: ["model"],
  cwmp: [],
  fleet: ["model", "mapping", "southbound", "discovery", "store"],
  simulator: ["southbound", "cwmp"],
  config: undefined, // the joining rooms may use every room's public face
  api: undefined,
  cli: undefined,
};
const rooms = Object.keys(mayImport);

/** One `no-restricted-imports` block per room: whatever is not in its row is forbidden. */
const roomTable = rooms
  .filter((room) => mayImport[room] !== undefined)
  .map((room) => {
    const allowed = mayImport[room];
    const forbidden = rooms.filter(
      (other) => other !== room && other !== "shared" && !allowed.includes(other),
    );
    const patterns = forbidden.map((other) => {
      const partly = allowed.find((path) => path.startsWith(`${other}/`));
      const group = [`**/${other}/**`, ...(partly === undefined ? [] : [`!**/${partly}.ts`])];
      return { group, message: `${room} may not import ${other} (docs/architecture.md, Rooms)` };
    });
    return {
      files: [`src/${room}/**/*.ts`],
      ignores: ["**/*.test.ts"],
      rules: { "no-restricted-imports": ["error", { patterns }] },
    };
  });

/** Third-party packages are touched in one file each; the rest of the code sees our types. */
export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**", "coverage/**", "schema/**", "scripts/**"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-console": "error",
      "max-lines": ["warn", 450],
      "max-lines-per-function": ["warn", 60],
      complexity: ["warn", 15],
    },
  },
  { files: ["**/*.test.ts", "test/**"], rules: { "max-lines-per-function": "off" } },
  { files: ["eslint.config.js"], extends: [tseslint.configs.disableTypeChecked] },
  ...roomTable,
);
