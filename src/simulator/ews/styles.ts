import type { EwsStyle } from "./ews-site.ts";
import { brotherStyle } from "./styles/brother.ts";
import { canonStyle } from "./styles/canon.ts";
import { epsonStyle } from "./styles/epson.ts";
import { hpCdmStyle } from "./styles/hp-cdm.ts";
import { hpFutureSmartStyle } from "./styles/hp-futuresmart.ts";
import { hpLedmStyle } from "./styles/hp-ledm.ts";
import { konicaMinoltaApiStyle } from "./styles/konica-minolta-api.ts";
import { konicaMinoltaStyle } from "./styles/konica-minolta.ts";
import { kyoceraStyle } from "./styles/kyocera.ts";
import { lexmarkStyle } from "./styles/lexmark.ts";
import {
  basicFormsStyle,
  digestFormsStyle,
  openFormsStyle,
  xeroxNic5Style,
} from "./styles/plain-forms.ts";
import { ricohStyle } from "./styles/ricoh.ts";
import { samsungStyle } from "./styles/samsung.ts";
import { toshibaStyle } from "./styles/toshiba.ts";
import { xeroxStyle } from "./styles/xerox.ts";

/** Every simulated way of being a printer's web server, by name. */
export const ewsStyles = {
  open: openFormsStyle,
  basic: basicFormsStyle,
  digest: digestFormsStyle,
  brother: brotherStyle,
  canon: canonStyle,
  epson: epsonStyle,
  "hp-cdm": hpCdmStyle,
  "hp-futuresmart": hpFutureSmartStyle,
  "hp-ledm": hpLedmStyle,
  "konica-minolta": konicaMinoltaStyle,
  "konica-minolta-api": konicaMinoltaApiStyle,
  kyocera: kyoceraStyle,
  lexmark: lexmarkStyle,
  ricoh: ricohStyle,
  samsung: samsungStyle,
  toshiba: toshibaStyle,
  xerox: xeroxStyle,
  "xerox-nic5": xeroxNic5Style,
} as const satisfies Readonly<Record<string, EwsStyle>>;
