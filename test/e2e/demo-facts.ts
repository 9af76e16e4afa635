/** What the recordings of the demo say, read off the files by hand: `1.3.6.1.2.1.1.6.0`, `…43.11.1.1.6.1.1`, … */
export interface DemoFacts {
  readonly manufacturer: string;
  readonly serialNumber: string;
  /** sysLocation, decoded. */
  readonly location: string;
  /** prtMarkerSuppliesDescription and prtMarkerSuppliesMaxCapacity of the first supply. */
  readonly supply: string;
  readonly capacity: number;
  /** prtInputName, all rows. */
  readonly inputTrays: readonly string[];
  /** prtMarkerLifeCount of the recording; the simulated printers print, so that it rises. */
  readonly lifeCount: number;
}

/** One entry per maker. */
export const demoFacts: readonly DemoFacts[] = [
  {
    manufacturer: "Brother",
    serialNumber: "E78DEM1J9H20441",
    location: "Werkstatt",
    supply: "Schwarzer Toner",
    capacity: -2,
    inputTrays: ["MF-Zufuhr", "Zuf. 1"],
    lifeCount: 15_230,
  },
  {
    manufacturer: "Canon",
    serialNumber: "2YDEM00356",
    location: "東京本社 3階",
    supply: "トナー(ブラック)",
    capacity: 100,
    inputTrays: ["手差し", "カセット1", "カセット2"],
    lifeCount: 131_204,
  },
  {
    manufacturer: "Dell",
    serialNumber: "7DEMO92-132-13",
    location: "Library",
    supply: "Black Cartridge S/N:CAA9DEM00112",
    capacity: 45_000,
    inputTrays: ["Tray 1", "Tray 2", "MP Feeder"],
    lifeCount: 402_117,
  },
  {
    manufacturer: "Epson",
    serialNumber: "XDEM000219",
    location: "Print room",
    supply: "Black Ink Cartridge T9991",
    capacity: 100,
    inputTrays: ["Paper Tray", "C1", "C2", "HCU"],
    lifeCount: 208_350,
  },
  {
    manufacturer: "FUJIFILM Business Innovation",
    serialNumber: "711DEM",
    location: "Einkauf – Zürich",
    supply: "Toner Cartridge [K], PN CT299001",
    capacity: 26_000,
    inputTrays: ["Tray 1", "Tray 2", "Tray 5"],
    lifeCount: 17_845,
  },
  {
    manufacturer: "HP",
    serialNumber: "VNDEM00417",
    location: "Reception",
    supply: "Cartouche noire HP W9110X",
    capacity: 100,
    inputTrays: ["Tray 1", "Tray 2", "Tray 3"],
    lifeCount: 61_844,
  },
  {
    manufacturer: "Konica Minolta",
    serialNumber: "AADEM21000412",
    location: "Drawing office",
    supply: "Toner (Yellow)",
    capacity: 100,
    inputTrays: ["Tray 1", "Tray 2", "Bypass Tray"],
    lifeCount: 48_227,
  },
  {
    manufacturer: "Kyocera",
    serialNumber: "VDK0D01287",
    location: "Accounting, 2nd floor",
    supply: "TK-5390C",
    capacity: 13_000,
    inputTrays: ["MP Tray", "Cassette 1", "Cassette 2"],
    lifeCount: 118_530,
  },
  {
    manufacturer: "OKI",
    serialNumber: "AK9DEM0117A0",
    location: "Warehouse gate 4",
    supply: "Cyan Toner Cartridge",
    capacity: 100,
    inputTrays: ["MP Tray", "Tray 1", "Tray 2"],
    lifeCount: 70_416,
  },
  {
    manufacturer: "Ricoh",
    serialNumber: "3133RD00127",
    location: "上海办公室",
    supply: "黑色碳粉",
    capacity: 100,
    inputTrays: ["手送台", "纸盘 1", "纸盘 2"],
    lifeCount: 96_410,
  },
  {
    manufacturer: "Xerox",
    serialNumber: "3899DEM211",
    location: "Corridor B",
    supply: "Cartuccia toner nero, PN 006R09701;SN4471A0D2000000C1",
    capacity: 31_300,
    inputTrays: ["Vassoio 1", "Vassoio 2", "Vassoio 3", "Vassoio bypass"],
    lifeCount: 342_088,
  },
  {
    manufacturer: "Zebra",
    serialNumber: "D9J241700412",
    location: "Dispatch line 2",
    supply: "Thermal transfer ribbon",
    capacity: 1_476,
    inputTrays: ["Roll"],
    lifeCount: 20_188,
  },
];
