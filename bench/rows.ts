import type { Row } from "./row.ts";

const rate = "printers/CPU-s";
const perl = "libnet-snmp-perl";

/** Everything `npm run bench` measures; bars are explained in docs/performance.md. */
export const rows: readonly Row[] = [
  {
    name: "refresh",
    title: "full refresh of a printer of 512 varbinds",
    repetitions: 3,
    figures: [
      { key: "read", what: "varbinds read of the 512", unit: "" },
      { key: "ours", what: "mfpgate: read, map, save 15 changes", unit: rate },
      { key: "unchanged", what: "mfpgate, nothing changed", unit: rate },
      { key: "dense", what: "mfpgate, all 512 read", unit: rate },
      { key: "netSnmp", what: "net-snmp, walk only", unit: rate },
      { key: "bulkwalk", what: "snmpbulkwalk, a process each", unit: rate, needs: "snmp" },
      { key: "perl", what: "Perl Net::SNMP, one process", unit: rate, digits: 1, needs: perl },
      {
        ...{ key: "overBulkwalk", what: "mfpgate over snmpbulkwalk", unit: "×", digits: 1 },
        ...{ bar: { atLeast: 3 }, needs: "snmp" },
      },
      {
        ...{ key: "overPerl", what: "mfpgate over Perl Net::SNMP", unit: "×", digits: 1 },
        ...{ bar: { atLeast: 10 }, needs: perl },
      },
      {
        ...{ key: "denseOverBulkwalk", what: "all 512 read, over snmpbulkwalk", unit: "×" },
        ...{ digits: 1, bar: { atLeast: 3 }, needs: "snmp" },
      },
      {
        ...{ key: "denseOverPerl", what: "all 512 read, over Perl Net::SNMP", unit: "×" },
        ...{ digits: 1, bar: { atLeast: 10 }, needs: perl },
      },
    ],
  },
  {
    name: "sweep",
    title: "sweep of a /16 at 10,000 packets/s",
    repetitions: 3,
    figures: [
      { key: "wallS", what: "wall time", unit: "s", bar: { atMost: 8.86 }, digits: 2 },
      { key: "cpuUs", what: "CPU a probe", unit: "µs", bar: { atMost: 25 }, digits: 1 },
      { key: "rssMb", what: "memory, peak of the process", unit: "MB", bar: { atMost: 120 } },
      { key: "missed", what: "agents not found, of 300", unit: "", bar: { atMost: 0 } },
      {
        key: "peerCpuUs",
        what: "onesixtyone, CPU a probe (/20)",
        unit: "µs",
        digits: 1,
        needs: "onesixtyone",
      },
      {
        key: "peerWallS",
        what: "onesixtyone -w 1, wall time for a /16, from a /20",
        unit: "s",
        needs: "onesixtyone",
      },
    ],
  },
  {
    name: "sessions",
    title: "CWMP sessions (Inform, empty POST, 204)",
    repetitions: 3,
    figures: [
      { key: "sessions", what: "sessions", unit: "/CPU-s", bar: { atLeast: 1_100 } },
      {
        key: "namesMs",
        what: "GetParameterValues of 500 names, CPU",
        unit: "ms",
        bar: { atMost: 2 },
        digits: 2,
      },
    ],
  },
  {
    name: "memory",
    title: "10,000 virtual devices in one process",
    repetitions: 3,
    figures: [
      { key: "parameters", what: "parameters of a device", unit: "" },
      { key: "restMb", what: "memory at rest", unit: "MB", bar: { atMost: 350 } },
      { key: "deviceKb", what: "memory a device", unit: "kB", bar: { atMost: 20 }, digits: 1 },
      { key: "peakMb", what: "memory, peak", unit: "MB" },
      { key: "startS", what: "start with all of them, CPU", unit: "s", digits: 1 },
    ],
  },
  {
    name: "snapshots",
    title: "snapshots persisted, 5,000 printers of 300 parameters",
    repetitions: 3,
    figures: [
      { key: "values", what: "values and times", unit: "/CPU-s", bar: { atLeast: 5_000 } },
      { key: "kb", what: "on disk a printer", unit: "kB", bar: { atMost: 5 }, digits: 1 },
      { key: "updates", what: "with history and meters of a print job", unit: "/CPU-s" },
      { key: "updatesWall", what: "the same, wall time", unit: "/s" },
      { key: "firsts", what: "first of a printer, all of it history", unit: "/CPU-s" },
      { key: "firstKb", what: "first with history, on disk a printer", unit: "kB", digits: 1 },
      { key: "jobBytes", what: "on disk a print job (history, meters)", unit: "B" },
      { key: "changed", what: "values a print job changes", unit: "", digits: 1 },
    ],
  },
];
