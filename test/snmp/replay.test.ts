import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSnmpSession } from "../../src/southbound/snmp/open-session.ts";
import { RecordedAnswers } from "../../src/southbound/snmp/recorded-answers.ts";
import { parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";
import { startScriptedAgent } from "./scripted-agent.ts";

const folder = join(import.meta.dirname, "../../recordings");
const files = readdirSync(folder).filter((name) => name.endsWith(".snmprec"));

/** Everything of a recording: `.0` instances as scalars, the rest by column (all but the last arcs of an OID). */
function planOf(oids: readonly string[]): { scalars: string[]; columns: string[] } {
  const scalars = oids.filter((oid) => oid.endsWith(".0"));
  const columns = oids
    .filter((oid) => !oid.endsWith(".0") && /^1\.3\.6\.1\.2\.1\.(2|25|43)\./.test(oid))
    // hrDevice and Printer-MIB columns lie two arcs below their table: …25.3.2.1.3, …43.11.1.1.9
    .map((oid) => oid.split(".").slice(0, 11).join("."));
  return { scalars, columns: [...new Set(columns)].filter((column) => !oids.includes(column)) };
}

it.each(files.flatMap((file) => [[file, "1"] as const, [file, "2c"] as const]))(
  "reads %s over v%s as it was recorded",
  async (file, version) => {
    const text = readFileSync(join(folder, file), "utf8");
    const recording = parseSnmprec(text);
    const plan = planOf(recording.varbinds.map(({ oid }) => oid));
    const agent = await startScriptedAgent(text);
    const session = openSnmpSession({
      host: "127.0.0.1",
      port: agent.port,
      security: { version, read: "public" },
    });
    try {
      const answers = await session.read(plan);
      const expected = new RecordedAnswers(recording, 0);
      for (const oid of plan.scalars) expect(answers.snmp(oid)).toEqual(expected.snmp(oid));
      for (const column of plan.columns)
        expect([column, answers.snmpColumn(column)]).toEqual([column, expected.snmpColumn(column)]);
      expect(plan.columns.length).toBeGreaterThan(5);
    } finally {
      session.close();
      agent.close();
    }
  },
);
