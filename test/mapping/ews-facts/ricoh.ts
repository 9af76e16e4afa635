import type { CaptureFacts } from "../capture-facts.ts";

const dialogue = "part of the dialogue with the printer, no setting of it";
const entry =
  "one entry opened for editing; entries are told by the list, which the page loads by script and the capture does not have";

/** The address book of Web Image Monitor, in Spanish. */
export const ricohAddressBook: CaptureFacts = {
  capture: "ricoh-wim-addressbook",
  mapping: "vendor/ricoh/office",
  facts: {},
  without: {
    "registered users": "the number of entries, while the model counts the destinations it shows",
    "registered groups": "the model has no groups of destinations",
    wimToken: dialogue,
    result: dialogue,
    method: dialogue,
    "TLS warning present": dialogue,
    "entry index": entry,
    "entry name": entry,
    "folder protocol": entry,
    "folder port field": entry,
    "smtp authentication account": "the model has no accounts of single entries",
    "folder authentication account": "the model has no accounts of single entries",
  },
};
