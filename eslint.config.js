import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Rooms each room may import besides itself and `shared` (docs/architecture.md, "Rooms"). */
const everyRoom = "every room";
const mayImport = {
  shared: [],
  model: [],
  southbound: [],
  system: [],
  diagnostics: [],
  discovery: ["southbound"],
  mapping: [
    ...["model", "southbound/driver", "southbound/documents", "southbound/exchange"],
    ...["southbound/selector-problem", "southbound/device-id"],
  ],
  store: ["model"],
  presentation: ["model"],
  cwmp: [],
  fleet: ["model", "mapping", "southbound", "discovery", "store"],
  simulator: ["southbound", "cwmp"],
  config: everyRoom, // these three use every room's public face
  api: everyRoom,
  cli: everyRoom,
};
const rooms = Object.keys(mayImport);

/** Rooms that may ask the composition root to start something. */
const callsMain = ["cli"];

/** Only tests import tests and their helpers. */
const noTests = {
  group: ["**/test/**", "**/*.test.ts"],
  message: "what is shipped may not import tests",
};

/** What a file of `room` may not import: whatever is not in its row of the table. */
function forbiddenTo(room) {
  const allowed = mayImport[room];
  const others =
    allowed === everyRoom
      ? []
      : rooms.filter((other) => !["shared", room, ...allowed].includes(other));
  const patterns = others.map((other) => {
    const partly = allowed.filter((path) => path.startsWith(`${other}/`));
    const group = [`**/${other}/**`, ...partly.map((path) => `!**/${path}.ts`)];
    return { group, message: `${room} may not import ${other} (docs/architecture.md, Rooms)` };
  });
  const main = {
    group: ["**/main.ts", "**/main/**"],
    message: "main constructs the rooms; none but cli starts it",
  };
  return [...patterns, noTests, ...(callsMain.includes(room) ? [] : [main])];
}

const roomTable = [
  ...rooms.map((room) => [`src/${room}/**/*.ts`, forbiddenTo(room)]),
  ["src/{main,main/**/*}.ts", [noTests]],
].map(([files, patterns]) => ({
  files: [files],
  ignores: ["**/*.test.ts"],
  rules: {
    "no-restricted-imports": ["error", { patterns }],
    // The rule above does not look at these.
    "no-restricted-syntax": [
      "error",
      { selector: "ImportExpression", message: "import at the top of the file" },
    ],
  },
}));

/** Where each third-party package is touched (docs/decisions/0001-dependencies.md); all other code sees our types. */
const touchedIn = {
  "@xmpp/client": ["src/cwmp/connection-request/xmpp/xmpp-package.ts"],
  axios: ["src/southbound/ews/axios.ts"],
  "basic-ftp": ["src/cwmp/transfers/protocols/ftp.ts"],
  "better-sqlite3": ["src/store/sqlite-file.ts"],
  commander: ["src/cli/**/*.ts"],
  "css-what": ["src/southbound/extract/css-parser.ts"],
  htmlparser2: ["src/southbound/extract/markup-parser.ts"],
  "iconv-lite": ["src/shared/iconv.ts"],
  kysely: ["src/store/kysely.ts"],
  "net-snmp": ["src/southbound/snmp/net-snmp*.ts"],
  pino: ["src/shared/log.ts"],
  "prom-client": ["src/api/metrics.ts"],
  re2js: ["src/shared/regex.ts"],
  saxes: ["src/cwmp/soap/xml-reader.ts"],
  "ssh2-sftp-client": ["src/cwmp/transfers/protocols/sftp.ts"],
  "tough-cookie": ["src/southbound/ews/cookie-jar.ts"],
  yaml: ["src/config/yaml-source.ts", "src/mapping/format/yaml-document.ts"],
  zod: [
    "src/config/schema-values.ts",
    "src/mapping/schema*.ts",
    "src/mapping/format/parse-file.ts",
  ],
};

/**
 * Forbids every package but Node's own and `own`. The TypeScript twin of `no-restricted-imports`, because a rule stands
 * only once for a file and the room table has taken that one.
 */
const onlyPackage = (own) => ({
  "@typescript-eslint/no-restricted-imports": [
    "error",
    {
      patterns: [
        {
          regex: `^(?!\\.|node:${own === undefined ? "" : `|${own}(/|$)`})`,
          message: "each package is touched in one place (docs/decisions/0001-dependencies.md)",
        },
      ],
    },
  ],
});

const packageTable = [[undefined, ["src/**/*.ts"]], ...Object.entries(touchedIn)].map(
  ([own, files]) => ({ files, ignores: ["**/*.test.ts"], rules: onlyPackage(own) }),
);

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
  ...packageTable,
);
