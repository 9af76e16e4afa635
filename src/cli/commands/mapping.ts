import { Command } from "commander";

/** `mfpgate mapping lint|test`: for authors of mapping files. */
export function mappingCommand(): Command {
  return new Command("mapping").description("for authors of mapping files");
}
