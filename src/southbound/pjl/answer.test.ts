import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandName, parsePjlAnswers, pjlDocument } from "./answer.ts";
import { PjlDecodeError } from "./errors.ts";

const lines = (...text: readonly string[]): string => `${text.join("\r\n")}\r\n\f`;

describe("pjlDocument", () => {
  it("reads lists, variables and plain values of INFO CONFIG", () => {
    const text = lines(
      "@PJL INFO CONFIG",
      "IN TRAYS [2 ENUMERATED]",
      "\tINTRAY1 MP",
      "\tINTRAY2 PC",
      "DUPLEX=INSTALLED [2 ENUMERATED]",
      "\tINSTALLED",
      "\tNOTINSTALLED",
      "MEMORY=134217728",
    );
    expect(pjlDocument(text)).toEqual({
      command: "INFO CONFIG",
      values: { DUPLEX: "INSTALLED", MEMORY: "134217728" },
      variables: {
        DUPLEX: {
          value: "INSTALLED",
          kind: "enumerated",
          choices: ["INSTALLED", "NOTINSTALLED"],
          readOnly: false,
        },
      },
      lists: { "IN TRAYS": ["INTRAY1 MP", "INTRAY2 PC"] },
    });
  });

  it("reads ranges, read-only variables and those of a language", () => {
    const { variables } = pjlDocument(
      lines(
        "@PJL INFO VARIABLES",
        "COPIES=1 [2 RANGE]",
        "\t1",
        "\t999",
        "LPARM:PCL SYMSET=ROMAN8 [2 ENUMERATED]",
        "\tROMAN8",
        "\tISOL1",
        "LANG=ENGLISH [1 ENUMERATED READONLY]",
        "\tENGLISH",
      ),
    );
    expect(variables).toMatchObject({
      COPIES: { value: "1", kind: "range", lower: "1", upper: "999", readOnly: false },
      "LPARM:PCL SYMSET": { value: "ROMAN8", choices: ["ROMAN8", "ISOL1"] },
      LANG: { readOnly: true },
    });
  });

  it("reads the quoted id, also when the printer does not repeat the command", () => {
    expect(pjlDocument(lines("@PJL INFO ID", '"HP LaserJet 4100 Series "')).id).toBe(
      "HP LaserJet 4100 Series",
    );
    expect(pjlDocument(lines('"Lexmark C910"'), "@PJL INFO ID")).toMatchObject({
      command: "INFO ID",
      id: "Lexmark C910",
    });
    expect(pjlDocument(lines('"A [3 RANGE] B=1"')).id).toBe("A [3 RANGE] B=1");
  });

  it("reads status with the padding of the display taken off", () => {
    const text = lines(
      "@PJL INFO STATUS",
      "CODE=10001",
      'DISPLAY="READY           "',
      "ONLINE=TRUE",
    );
    expect(pjlDocument(text).values).toEqual({ CODE: "10001", DISPLAY: "READY", ONLINE: "TRUE" });
  });

  it("reads a page count with and without its name", () => {
    expect(pjlDocument(lines("@PJL INFO PAGECOUNT", "PAGECOUNT=183933")).values).toEqual({
      PAGECOUNT: "183933",
    });
    const bare = pjlDocument(lines("@PJL INFO PAGECOUNT", "183933"));
    expect(bare.values).toEqual({ PAGECOUNT: "183933" });
    expect(bare.id).toBe(undefined);
  });

  it("knows choices that are not indented by their number", () => {
    const { lists, values } = pjlDocument(
      lines("@PJL INFO CONFIG", "LANGUAGES [2 ENUMERATED]", "PCL", "POSTSCRIPT", "MEMORY=1"),
    );
    expect(lists).toEqual({ LANGUAGES: ["PCL", "POSTSCRIPT"] });
    expect(values).toEqual({ MEMORY: "1" });
  });

  it("does not take an indented statement after the choices for one of them", () => {
    const { values, variables } = pjlDocument(
      lines("@PJL INFO SUPPLIES", "TONER=OK [1 ENUMERATED]", "  OK", "  TONER_BLACK=23%"),
    );
    expect(variables["TONER"]).toMatchObject({ choices: ["OK"] });
    expect(values).toEqual({ TONER: "OK", TONER_BLACK: "23%" });
  });

  it("finds the answer asked for among several, with universal exits around and LF alone", () => {
    const text =
      '\u001b%-12345X@PJL INFO ID\n"Acme 1"\n\f\u001b%-12345X@PJL USTATUS DEVICE\nCODE=10001\n\f@PJL INFO MEMORY\nTOTAL=7\n';
    expect(pjlDocument(text, "@pjl info memory").values).toEqual({ TOTAL: "7" });
    expect(parsePjlAnswers(text).map(({ command }) => command)).toEqual([
      "INFO ID",
      "USTATUS DEVICE",
      "INFO MEMORY",
    ]);
  });

  it("separates answers of a printer that sends no form feeds", () => {
    const text = '@PJL INFO ID\r\n"Acme 1"\r\n@PJL INFO STATUS\r\nCODE=10001\r\n';
    expect(pjlDocument(text, "INFO STATUS").values).toEqual({ CODE: "10001" });
  });

  it("refuses an answer to another command, and none", () => {
    expect(() => pjlDocument(lines("@PJL INFO ID", '"A"'), "INFO CONFIG")).toThrow(PjlDecodeError);
    expect(() => pjlDocument("\r\n\f")).toThrow(PjlDecodeError);
    expect(() => parsePjlAnswers("x".repeat(1_000_000))).toThrow(PjlDecodeError);
  });

  it("gives answers for any text", () => {
    const piece = fc.constantFrom(
      "@PJL INFO ID",
      "A=",
      "[2 ENUMERATED]",
      "\t",
      '"',
      "\f",
      "\r\n",
      "=",
      "x",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        parsePjlAnswers(pieces.join(""));
      }),
    );
  });
});

describe("commandName", () => {
  it("takes off the mark of PJL", () => {
    expect(commandName(" @PJL  info   Config ")).toBe("INFO CONFIG");
    expect(commandName("INFO ID")).toBe("INFO ID");
  });
});
